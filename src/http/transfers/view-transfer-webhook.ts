import type { TransferWebhook } from "../../db/transfers/transfer";
import { described } from "../described";
import type { Route } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { referenceParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { visibleBy } from "./visible-transfer";
import { toWebhooks, webhookObject } from "./webhook-object";

/** Makes the route of one side's record. */
function recordOf(side: "receiver" | "sender", direction: TransferWebhook["direction"]): Route {
  return defineRoute(transfersDialect, {
    operationId: `view-${side}-webhook`,
    method: "get",
    path: `/transactions/:reference/webhooks/${side}`,
    ...described(() => ({
      tag: "Webhook records",
      summary: `How the ${side} is told of a transaction`,
      responses: { 200: { description: "The record", schema: envelopeOf(webhookObject) } },
      errors: { 404: ["TRANSACTION_NOT_FOUND", "WEBHOOK_NOT_FOUND"] },
    })),
    access: "application",
    params: referenceParams,
    ...visibleBy("reference"),
    async handle({ edge, caller, found }) {
      const record = toWebhooks(found.webhooks, caller.id).find((webhook) => webhook.direction === direction);
      return record ? succeed(edge, "Webhook", record) : { refusal: "webhook_unknown" };
    },
  });
}

export const viewReceiverWebhook = recordOf("receiver", "RECEIVER");
export const viewSenderWebhook = recordOf("sender", "SENDER");
