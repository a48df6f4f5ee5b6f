import { Title } from "../parts/bars";
import { EverybodyScreen } from "./everybody";

/** Who is told of what, and what could not be told. */
export function WebhooksScreen() {
  return (
    <>
      <Title>Webhooks</Title>
      <EverybodyScreen list="endpoints" inside />
      <EverybodyScreen list="deliveries" inside />
      <EverybodyScreen list="records" inside />
    </>
  );
}
