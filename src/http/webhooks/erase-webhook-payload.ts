import { noContent } from "../route";
import { defineRoute } from "../serve";
import { keyOfDelivery } from "./delivery-object";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";

export const eraseWebhookPayload = defineRoute(webhooksDialect, {
  operationId: "erase-webhook-payload",
  method: "delete",
  path: "/webhook-deliveries/:id/payload",
  tag: "Webhooks",
  summary: "Erase what an event said",
  description: "For good and for every endpoint. The log of its deliveries stays; it cannot be sent again.",
  access: "owner",
  params: idParam,
  responses: { 204: { description: "Erased" } },
  errors: [404],
  async handle({ caller, params: { id = "" }, perform }) {
    const key = keyOfDelivery(id);
    if (!key) return { refusal: "delivery_unknown" };
    const result = await perform({ name: "erase-webhook-event", input: { owner: caller.owner, ...key } });
    return result.ok ? noContent : result;
  },
});
