import * as z from "zod";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { dayParams, optionalCurrency } from "./fields";
import { findSettlement } from "./find-settlement";
import { envelopeOf, succeed } from "./print-success";
import { settlementObject, toSettlement } from "./settlement-object";

export const viewSettlementOfDay = defineRoute(transfersDialect, {
  operationId: "view-settlement-of-day",
  method: "get",
  path: "/settlement/date/:date",
  tag: "Settlement",
  summary: "The settlement of a day",
  access: "application",
  params: dayParams,
  query: z.object({ currency: optionalCurrency }),
  responses: { 200: { description: "The batch", schema: envelopeOf(settlementObject) } },
  errors: [400, 404],
  async handle({ edge, caller, params: { date = "" }, query: { currency } }) {
    const batch = await findSettlement(edge.deps.db, { day: date, currency }, caller);
    return batch ? succeed(edge, "Settlement", toSettlement(batch)) : { refusal: "settlement_unknown" };
  },
});
