import * as z from "zod";
import { described, forDescription } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const noteMax = 500;

export const openBooks = defineRoute(adminDialect, {
  operationId: "open-books",
  method: "post",
  path: "/admin/opening-balance",
  ...described(() => ({
    tag: "Operator",
    summary: "State what Stripe held before Accord",
    description:
      "Once, for a Stripe account that was in use before: all that Stripe dates before the moment becomes an opening balance, as Stripe has it, and the clock books what Stripe writes from then on. The moment lies at least three days back, because Stripe dates bills back, and before the first testimony and payment. 409 `opening_refused` says what stands against it.",
    bodyExample: { before: "2026-11-01T00:00:00Z", note: "The shop was run by hand until October." },
    responses: {
      201: {
        description: "What the books begin with",
        schema: z.strictObject({
          data: z.strictObject({
            balances: z.array(z.strictObject({ currency: z.string(), amountMinor: z.int() })),
            lines: z.int().meta({ description: "So many balance transactions of Stripe's it sums up." }),
          }),
        }),
      },
    },
    errors: { 409: ["opening_refused"] },
  })),
  access: "operator",
  body: () =>
    z.object({
      before: z.iso
        .datetime()
        .meta(forDescription(() => ({ description: "What Stripe dates before this moment is history." }))),
      note: z.string().trim().min(1).max(noteMax),
    }),
  async handle({ caller, body, perform }) {
    const input = { operator: caller.name, note: body.note, beforeMs: Date.parse(body.before) };
    const result = await perform({ name: "open-books", input });
    return result.ok ? created({ data: result.value }) : result;
  },
});
