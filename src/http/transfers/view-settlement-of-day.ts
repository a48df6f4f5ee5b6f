import * as z from "zod";
import { described } from "../described";
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
  ...described(() => ({
    tag: "Settlement",
    summary: "The settlement of a day",
    responses: { 200: { description: "The batch", schema: envelopeOf(settlementObject) } },
    errors: { 400: ["MALFORMED_REQUEST"], 404: ["SETTLEMENT_NOT_FOUND"] },
  })),
  access: "application",
  params: dayParams,
  query: () => z.object({ currency: optionalCurrency() }),
  async handle({ edge, caller, params: { date = "" }, query: { currency } }) {
    const batch = await findSettlement(edge.deps.db, { day: date, currency }, caller);
    return batch ? succeed(edge, "Settlement", toSettlement(batch)) : { refusal: "settlement_unknown" };
  },
});
