import * as z from "zod";
import { dayBefore, dayOf } from "../../domain/transfers/day";
import { described, forDescription } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { day, optionalCurrency } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { settlementObject, toSettlement } from "./settlement-object";

export const settleDay = defineRoute(transfersDialect, {
  operationId: "settle-day",
  method: "post",
  path: "/settlement/trigger",
  ...described(() => ({
    tag: "Settlement",
    summary: "Settle a day",
    description:
      "By an administrator, yesterday unless said otherwise. The day is closed first, and counted in every currency. A day that is settled answers what it was.",
    responses: { 200: { description: "The batch", schema: envelopeOf(settlementObject) } },
    errors: { 404: ["SETTLEMENT_NOT_FOUND"] },
  })),
  access: "administrator",
  query: () =>
    z.object({
      date: day().optional(),
      currency: optionalCurrency().meta(
        forDescription(() => ({ description: "Which of the day's batches is answered." })),
      ),
    }),
  async handle({ edge, caller, query: { date, currency }, perform }) {
    const settled = date ?? dayBefore(dayOf(edge.deps.nowMs()));
    const by = { application: caller.id };
    const result = await perform({ name: "settle-day", input: { day: settled, answered: currency, by } });
    if (!result.ok) return result;
    const batch = result.value.batches.find((one) => one.currency === currency);
    return batch ? succeed(edge, "Day settled", toSettlement(batch)) : { refusal: "settlement_unknown" };
  },
});
