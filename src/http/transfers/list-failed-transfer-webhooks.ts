import * as z from "zod";
import { failedTransferWebhooksAt, pageOfFailedTransferWebhooks } from "../../db/transfers/failed-records";
import { canonicalId } from "../../domain/id";
import { madeOnce } from "../../domain/made-once";
import { messageTypes } from "../../domain/transfers/message";
import { described } from "../described";
import { cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { text } from "./fields";
import { createdRangeOf, listOf, ofPage, pageQuery, rowsOf, timeQuery, toCursorPage, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { toWebhook, webhookObject } from "./webhook-object";

const property = "createdAt";

const filters = madeOnce(() => ({
  direction: z.enum(["RECEIVER", "SENDER"]).optional(),
  eventType: z.enum(messageTypes).optional(),
  reference: text(64).transform(canonicalId).optional(),
  ...timeQuery(),
}));
const ofCursor = madeOnce(() => Object.keys(filters()) as (keyof ReturnType<typeof filters>)[]);

export const listFailedTransferWebhooks = defineRoute(transfersDialect, {
  operationId: "list-failed-transfer-webhooks",
  method: "get",
  path: "/webhooks/failed",
  ...described(() => ({
    tag: "Webhook records",
    summary: "What the application could not be told",
    description:
      "By `page`, `size` and `sort`, with the number of all; or by cursor, which is a record's id, where filters may be sent, too.",
    responses: { 200: { description: "One page, newest first", schema: envelopeOf(listOf(webhookObject)) } },
  })),
  access: "application",
  query: () => listQuery({ ...pageQuery(property), ...filters() }, ofPage, ofCursor()),
  async handle({ edge, caller, query }) {
    const { db } = edge.deps;
    if (!isByCursor(query, ofCursor())) {
      const { rows, total } = await pageOfFailedTransferWebhooks(db, caller.id, rowsOf(query));
      return succeed(edge, "Failed webhooks", toPage(rows.map(toWebhook), total, query, property));
    }
    const { direction, eventType, reference } = query;
    const filter = { direction, eventType, reference, ...createdRangeOf(query) };
    const part = await failedTransferWebhooksAt(db, caller.id, filter, cursorPageOf(query));
    return part ? succeed(edge, "Failed webhooks", toCursorPage(part, toWebhook)) : cursorUnknown(query);
  },
});
