import * as z from "zod";
import { pageOfTransfers, type TransferList } from "../../db/transfers/transfers";
import { described } from "../described";
import type { Route } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { pageOf, pageQuery, rowsOf, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";

/** Makes the route of one list. An application's lists differ in their content only. */
function listOf(list: TransferList, summary: string): Route {
  return defineRoute(transfersDialect, {
    operationId: `list-${list}-transfers`,
    method: "get",
    path: `/transactions/${list}`,
    ...described(() => ({
      tag: "Transactions",
      summary,
      responses: { 200: { description: "One page, newest first", schema: envelopeOf(pageOf(transferObject)) } },
    })),
    access: "application",
    query: z.object(pageQuery("createdAt")),
    async handle({ edge, caller, query }) {
      const { rows, total } = await pageOfTransfers(edge.deps.db, list, caller.id, rowsOf(query));
      return succeed(edge, "Transactions", toPage(rows.map(toTransfer), total, query));
    },
  });
}

export const listSentTransfers = listOf("sent", "What the application has initiated");
export const listReceivedTransfers = listOf("received", "What the application was asked to accept");
export const listPendingTransfers = listOf("pending", "What awaits the application's acceptance");
