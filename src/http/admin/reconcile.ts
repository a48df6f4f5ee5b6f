import * as z from "zod";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const lineObject = z.strictObject({
  reference: z.string().nullable(),
  currency: z.string(),
  types: z.array(z.string()),
  stripeMinor: z.int(),
  ledgerMinor: z.int(),
});

export const reconcile = defineRoute(adminDialect, {
  operationId: "reconcile",
  method: "get",
  path: "/admin/reconcile",
  tag: "Operator",
  summary: "Our books beside Stripe's",
  description: "Compares the ledger with Stripe's balance, object by object, and names what is unexplained.",
  access: "operator",
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
            unexplainedMinor: z.int(),
          }),
        ),
        lines: z.array(lineObject),
        unexplained: z.array(lineObject),
      }),
    },
  },
  async handle({ perform }) {
    const result = await perform({ name: "reconcile", input: {} });
    return result.ok ? ok(result.value) : result;
  },
});
