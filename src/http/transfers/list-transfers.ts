import * as z from "zod";
import { pageOfTransfers, type TransferList } from "../../db/transfers/transfers";
import { described } from "../described";
import type { Route } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { externalId } from "./fields";
import { type PageQuery, pageOf, pageQuery, rowsOf, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";

const page = z.object(pageQuery("createdAt"));

type ListQuery = PageQuery & { externalId?: string | undefined };

/** Makes the route of one list. An application's lists differ in their content only. */
function listOf(list: TransferList, summary: string, query: z.ZodType<ListQuery> & z.ZodObject = page): Route {
  return defineRoute(transfersDialect, {
    operationId: `list-${list}-transfers`,
    method: "get",
    path: `/transactions/${list}`,
    ...described(() => ({
      tag: "Transactions",
      summary,
      responses: { 200: { description: "One page, newest first", schema: envelopeOf(pageOf(transferObject)) } },
      errors: [400],
    })),
    access: "application",
    query,
    async handle({ edge, caller, query }) {
      const wanted = { ...rowsOf(query), externalId: query.externalId };
      const { rows, total } = await pageOfTransfers(edge.deps.db, list, caller.id, wanted);
      const shown = rows.map((row) => toTransfer(row, caller));
      return succeed(edge, "Transactions", toPage(shown, total, query));
    },
  });
}

export const listSentTransfers = listOf(
  "sent",
  "What the application has initiated",
  page.extend({ externalId: externalId.optional().meta({ description: "The one with this `externalId`." }) }),
);
export const listReceivedTransfers = listOf("received", "What the application was asked to accept");
export const listPendingTransfers = listOf("pending", "What awaits the application's acceptance");
