import * as z from "zod";
import { exactNumber } from "../../domain/exact-number";
import type { Reconciliation } from "../../operations/operator/compare-lines";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { comparedLineObject } from "./compared-line";
import { adminDialect } from "./dialect";
import { exactInteger } from "./exact-integer";

export const reconcile = defineRoute(adminDialect, {
  operationId: "reconcile",
  method: "get",
  path: "/admin/reconcile",
  ...described(() => ({
    tag: "Operator",
    summary: "Our books beside Stripe's",
    description: "Compares the ledger with Stripe's balance, object by object, and names what is unexplained.",
    responses: {
      200: {
        description: "The comparison",
        schema: z.strictObject({
          ok: z.boolean(),
          currencies: z.array(
            z.strictObject({
              currency: z.string(),
              stripeBalanceMinor: exactInteger,
              ledgerBalanceMinor: exactInteger,
              awaitedMinor: exactInteger.meta({
                description: "Stripe's latest bills, which are booked within minutes.",
              }),
              unexplainedMinor: exactInteger,
            }),
          ),
          lines: z.array(comparedLineObject),
          unexplained: z.array(comparedLineObject),
        }),
      },
    },
  })),
  access: "operator",
  async handle({ perform }) {
    const result = await perform({ name: "reconcile", input: {} });
    return result.ok ? ok({ ...result.value, currencies: result.value.currencies.map(toCurrency) }) : result;
  },
});

/** Sums are printed digit for digit. */
function toCurrency({ currency, ...sums }: Reconciliation["currencies"][number]) {
  const exact = Object.entries(sums).map(([name, sum]) => [name, exactNumber(String(sum))]);
  return { currency, ...Object.fromEntries(exact) };
}
