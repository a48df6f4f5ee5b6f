import { described } from "../described";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownDelivery } from "./own";

export const resendWebhookDelivery = defineRoute(webhooksDialect, {
  operationId: "resend-webhook-delivery",
  method: "post",
  path: "/webhook-deliveries/:id/resend",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Send one delivery again",
    description:
      "The same message id and body, signed with the present secret, once; also to an endpoint that is switched off, whose health it does not touch.",
    responses: { 202: { description: "On its way" } },
    errors: { 404: ["delivery_unknown"], 409: ["event_erased"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  ...ownDelivery,
  async handle({ caller, found: { delivery }, perform }) {
    const { endpointId, eventId } = delivery;
    const result = await perform({
      name: "resend-webhook-delivery",
      input: { owner: caller.owner, endpointId, eventId },
    });
    return result.ok ? { status: 202 } : result;
  },
});
