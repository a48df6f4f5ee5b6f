import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { comparedLineObject } from "./compared-line";
import { adminDialect } from "./dialect";

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
              stripeBalanceMinor: z.int(),
              ledgerBalanceMinor: z.int(),
              awaitedMinor: z.int().meta({ description: "Stripe's latest bills, which are booked within minutes." }),
              unexplainedMinor: z.int(),
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
    return result.ok ? ok(result.value) : result;
  },
});
