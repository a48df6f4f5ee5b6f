import * as z from "zod";
import { pageOfTransfers, type TransferList, transfersAt } from "../../db/transfers/transfer-lists";
import type { TransferView } from "../../db/transfers/transfers";
import { canonicalId } from "../../domain/id";
import { madeOnce } from "../../domain/made-once";
import { readTagAddress } from "../../domain/transfers/tag";
import { transferStates } from "../../domain/transfers/transfer";
import { described, forDescription } from "../described";
import { cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import type { Route } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { currency, externalId, tagAddress, text } from "./fields";
import { createdRangeOf, listOf, ofPage, pageQuery, rowsOf, timeQuery, toCursorPage, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";

const property = "createdAt";

const filters = madeOnce(() => ({
  status: z.enum(transferStates).optional(),
  currency: currency().optional(),
  counterpartyTag: tagAddress()
    .optional()
    .meta(
      forDescription(() => ({
        description: "The other party's tag; without a handle, those of every application.",
      })),
    ),
  reference: text(64).transform(canonicalId).optional(),
  ...timeQuery(),
}));

/** Only the sender knows a transfer by its own name. */
const ofSender = madeOnce(() => ({
  externalId: externalId()
    .optional()
    .meta(forDescription(() => ({ description: "The one with this `externalId`." }))),
}));

type Filters = ReturnType<typeof filters> & Partial<ReturnType<typeof ofSender>>;

/** Filters need a cursor, because counting what they match would read all transfers of the application. */
const ofCursor = madeOnce(() => Object.keys({ ...filters(), ...ofSender() }) as (keyof Filters)[]);

/** Makes the route of one list. An application's lists differ in their content only. */
function listTransfers(
  list: TransferList,
  summary: string,
  own: () => Partial<ReturnType<typeof ofSender>> = () => ({}),
): Route {
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
    })),
    access: "application",
    query: () => listQuery({ ...pageQuery(property), ...filters(), ...own() }, ofPage, ofCursor()),
    async handle({ edge, caller, query }) {
      const { db } = edge.deps;
      const print = (row: TransferView) => toTransfer(row, caller);
      if (!isByCursor(query, ofCursor())) {
        const { rows, total } = await pageOfTransfers(db, list, caller.id, rowsOf(query));
        return succeed(edge, "Transactions", toPage(rows.map(print), total, query, property));
      }
      const { status: state, counterpartyTag } = query;
      const filter = {
        state,
        currency: query.currency,
        reference: query.reference,
        counterparty: counterpartyTag === undefined ? undefined : readTagAddress(counterpartyTag),
        externalId: (query as { externalId?: string }).externalId,
        ...createdRangeOf(query),
      };
      const part = await transfersAt(db, list, caller.id, filter, cursorPageOf(query));
      return part ? succeed(edge, "Transactions", toCursorPage(part, print)) : cursorUnknown(query);
    },
  });
}

export const listSentTransfers = listTransfers("sent", "What the application has initiated", ofSender);
export const listReceivedTransfers = listTransfers("received", "What the application was asked to accept");
export const listPendingTransfers = listTransfers("pending", "What awaits the application's acceptance");
