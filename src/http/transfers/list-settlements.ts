import * as z from "zod";
import { pageOfSettlements, settlementsAt } from "../../db/transfers/settlements";
import { madeOnce } from "../../domain/made-once";
import { described, forDescription } from "../described";
import { cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { currency, dayQuery } from "./fields";
import { listOf, ofPage, pageQuery, rowsOf, toCursorPage, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { settlementObject, settlementStatuses, toSettlement } from "./settlement-object";

const property = "settlementDate";

const filters = madeOnce(() => ({
  status: z.enum(settlementStatuses).optional(),
  currency: currency().optional(),
  from: dayQuery()
    .optional()
    .meta(forDescription(() => ({ description: "From this day on, it included." }))),
  to: dayQuery()
    .optional()
    .meta(forDescription(() => ({ description: "Until before this day." }))),
}));
const ofCursor = madeOnce(() => Object.keys(filters()) as (keyof ReturnType<typeof filters>)[]);

export const listSettlements = defineRoute(transfersDialect, {
  operationId: "list-settlements",
  method: "get",
  path: "/settlement",
  ...described(() => ({
    tag: "Settlement",
    summary: "The settled days",
    description:
      "One batch for each day and currency. Administrators see everybody's position. By `page`, `size` and `sort`, with the number of all; or by cursor, which is a batch's id, where filters may be sent, too.",
    responses: { 200: { description: "One page, latest day first", schema: envelopeOf(listOf(settlementObject)) } },
  })),
  access: "application",
  query: () => listQuery({ ...pageQuery(property), ...filters() }, ofPage, ofCursor()),
  async handle({ edge, caller, query }) {
    const { db } = edge.deps;
    const applicationId = caller.admin ? undefined : caller.id;
    if (!isByCursor(query, ofCursor())) {
      const { rows, total } = await pageOfSettlements(db, rowsOf(query), applicationId);
      return succeed(edge, "Settlements", toPage(rows.map(toSettlement), total, query, property));
    }
    const part = await settlementsAt(db, query, cursorPageOf(query), applicationId);
    return part ? succeed(edge, "Settlements", toCursorPage(part, toSettlement)) : cursorUnknown(query);
  },
});
