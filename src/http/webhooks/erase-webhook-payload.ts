import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownDelivery } from "./own";

export const eraseWebhookPayload = defineRoute(webhooksDialect, {
  operationId: "erase-webhook-payload",
  method: "delete",
  path: "/webhook-deliveries/:id/payload",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Erase what an event said",
    description:
      "For good and for every endpoint. The log of its deliveries stays; it cannot be sent again. What both parties of a transfer are told says only what the books keep, and is not erased for one of them.",
    responses: { 204: { description: "Erased" } },
    errors: { 404: ["delivery_unknown"], 409: ["event_shared"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  ...ownDelivery,
  async handle({ caller, found: { delivery }, perform }) {
    const { endpointId, eventId } = delivery;
    const result = await perform({ name: "erase-webhook-event", input: { owner: caller.owner, endpointId, eventId } });
    return result.ok ? noContent : result;
  },
});
