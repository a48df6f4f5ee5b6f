import * as z from "zod";
import { pageOfFailedTransferWebhooks } from "../../db/transfers/webhook-records";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { pageOf, pageQuery, rowsOf, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { toWebhook, webhookObject } from "./webhook-object";

export const listFailedTransferWebhooks = defineRoute(transfersDialect, {
  operationId: "list-failed-transfer-webhooks",
  method: "get",
  path: "/webhooks/failed",
  ...described(() => ({
    tag: "Webhook records",
    summary: "What the application could not be told",
    responses: { 200: { description: "One page, newest first", schema: envelopeOf(pageOf(webhookObject)) } },
  })),
  access: "application",
  query: z.object(pageQuery("createdAt")),
  async handle({ edge, caller, query }) {
    const { rows, total } = await pageOfFailedTransferWebhooks(edge.deps.db, caller.id, rowsOf(query));
    return succeed(edge, "Failed webhooks", toPage(rows.map(toWebhook), total, query));
  },
});
