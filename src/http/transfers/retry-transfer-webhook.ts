import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { idParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toWebhook, webhookObject } from "./webhook-object";

export const retryTransferWebhook = defineRoute(transfersDialect, {
  operationId: "retry-transfer-webhook",
  method: "post",
  path: "/webhooks/:id/retry",
  ...described(() => ({
    tag: "Webhook records",
    summary: "Tell the application once more",
    description: "Only what has failed.",
    responses: { 200: { description: "On its way", schema: envelopeOf(webhookObject) } },
    errors: { 404: ["WEBHOOK_NOT_FOUND"], 422: ["INVALID_WEBHOOK_STATE"] },
  })),
  access: "application",
  params: idParams,
  async handle({ edge, caller, params: { id = "" }, perform }) {
    const input = { applicationId: caller.id, id: id.toLowerCase() };
    const result = await perform({ name: "retry-transfer-webhook", input });
    return result.ok ? succeed(edge, "Webhook queued again", toWebhook(result.value)) : result;
  },
});
