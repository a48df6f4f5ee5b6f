import { Title } from "../parts/bars";
import { EverybodyScreen } from "./everybody";

/** The endpoints, and the deliveries that failed. */
export function WebhooksScreen() {
  return (
    <>
      <Title>Webhooks</Title>
      <div class="in-turn">
        <EverybodyScreen list="endpoints" inside />
        <EverybodyScreen list="deliveries" inside />
        <EverybodyScreen list="records" inside />
      </div>
    </>
  );
}
