import * as z from "zod";
import { described } from "../described";
import { idQuery } from "../page";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { comparedLineObject } from "./compared-line";
import { adminDialect } from "./dialect";

export const reconcileAccounts = defineRoute(adminDialect, {
  operationId: "reconcile-accounts",
  method: "get",
  path: "/admin/reconcile/accounts",
  ...described(() => ({
    tag: "Operator",
    summary: "Our books beside the connected accounts'",
    description:
      "Compares what moved on connected accounts at Stripe with what our books say that payments moved there, payment by payment. Payouts to banks are left out. A page of accounts at a time: `next` is the `after` of the next page.",
    responses: {
      200: {
        description: "The comparison",
        schema: z.strictObject({
          ok: z.boolean(),
          accounts: z.array(
            z.strictObject({
              id: z.string(),
              accountId: z.string(),
              isClosed: z.boolean().meta({ description: "Stripe shows it to us no more." }),
              compared: z.int(),
              unexplained: z.array(comparedLineObject),
            }),
          ),
          next: z.string().nullable(),
        }),
      },
    },
  })),
  access: "operator",
  query: () => z.object({ after: idQuery().optional() }),
  async handle({ query: { after }, perform }) {
    const result = await perform({ name: "reconcile-accounts", input: { after } });
    return result.ok ? ok(result.value) : result;
  },
});
