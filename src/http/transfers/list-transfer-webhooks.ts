import * as z from "zod";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { referenceParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { visibleBy } from "./visible-transfer";
import { toWebhook, webhookObject } from "./webhook-object";

export const listTransferWebhooks = defineRoute(transfersDialect, {
  operationId: "list-transfer-webhooks",
  method: "get",
  path: "/transactions/:reference/webhooks",
  tag: "Webhook records",
  summary: "Who is told of a transaction",
  access: "application",
  params: referenceParams,
  responses: { 200: { description: "Up to two records", schema: envelopeOf(z.array(webhookObject)) } },
  errors: [404],
  ...visibleBy("reference"),
  async handle({ edge, found }) {
    return succeed(edge, "Webhooks", found.webhooks.map(toWebhook));
  },
});
