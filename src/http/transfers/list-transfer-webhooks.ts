import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { referenceParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { visibleBy } from "./visible-transfer";
import { toWebhooks, webhookObject } from "./webhook-object";

export const listTransferWebhooks = defineRoute(transfersDialect, {
  operationId: "list-transfer-webhooks",
  method: "get",
  path: "/transactions/:reference/webhooks",
  ...described(() => ({
    tag: "Webhook records",
    summary: "Who is told of a transaction",
    responses: {
      200: { description: "Up to two records; three of a cancelled one", schema: envelopeOf(z.array(webhookObject)) },
    },
    errors: { 404: ["TRANSACTION_NOT_FOUND"] },
  })),
  access: "application",
  params: referenceParams,
  ...visibleBy("reference"),
  async handle({ edge, caller, found }) {
    return succeed(edge, "Webhooks", toWebhooks(found.webhooks, caller.id));
  },
});
