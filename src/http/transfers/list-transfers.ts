import * as z from "zod";
import { pageOfTransfers, type TransferList, transfersAt } from "../../db/transfers/transfer-lists";
import { canonicalId } from "../../domain/id";
import { readTagAddress } from "../../domain/transfers/tag";
import { transferStates } from "../../domain/transfers/transfer";
import { described } from "../described";
import { cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import type { Route } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { currency, tagAddress, text } from "./fields";
import { createdRangeOf, listOf, ofPage, pageQuery, rowsOf, timeQuery, toCursorPage, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";

const property = "createdAt";

const filters = {
  status: z.enum(transferStates).optional(),
  currency: currency.optional(),
  counterpartyTag: tagAddress.optional().meta({
    description: "The other party's tag; without a handle, those of every application.",
  }),
  reference: text(64).transform(canonicalId).optional(),
  ...timeQuery,
};

/** Filters need a cursor, because counting what they match would read all transfers of the application. */
const ofCursor = Object.keys(filters) as (keyof typeof filters)[];

/** Makes the route of one list. An application's lists differ in their content only. */
function listTransfers(list: TransferList, summary: string): Route {
  return defineRoute(transfersDialect, {
    operationId: `list-${list}-transfers`,
    method: "get",
    path: `/transactions/${list}`,
    ...described(() => ({
      tag: "Transactions",
      summary,
      description:
        "By `page`, `size` and `sort`, with the number of all; or by cursor, where filters may be sent, too. A cursor is a reference or an id.",
      responses: { 200: { description: "One page, newest first", schema: envelopeOf(listOf(transferObject)) } },
      errors: [400],
    })),
    access: "application",
    query: listQuery({ ...pageQuery(property), ...filters }, ofPage, ofCursor),
    async handle({ edge, caller, query }) {
      const { db } = edge.deps;
      if (!isByCursor(query, ofCursor)) {
        const { rows, total } = await pageOfTransfers(db, list, caller.id, rowsOf(query));
        return succeed(edge, "Transactions", toPage(rows.map(toTransfer), total, query, property));
      }
      const { status: state, counterpartyTag } = query;
      const filter = {
        state,
        currency: query.currency,
        reference: query.reference,
        counterparty: counterpartyTag === undefined ? undefined : readTagAddress(counterpartyTag),
        ...createdRangeOf(query),
      };
      const part = await transfersAt(db, list, caller.id, filter, cursorPageOf(query));
      return part ? succeed(edge, "Transactions", toCursorPage(part, toTransfer)) : cursorUnknown(query);
    },
  });
}

export const listSentTransfers = listTransfers("sent", "What the application has initiated");
export const listReceivedTransfers = listTransfers("received", "What the application was asked to accept");
export const listPendingTransfers = listTransfers("pending", "What awaits the application's acceptance");
