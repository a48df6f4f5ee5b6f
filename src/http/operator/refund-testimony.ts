import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const reasonMax = 500;

export const refundTestimony = defineRoute(adminDialect, {
  operationId: "refund-testimony",
  method: "post",
  path: "/admin/testimonies/:id/refund",
  ...described(() => ({
    tag: "Operator",
    summary: "Take an acceptance back, or give a part of it back",
    description:
      "Cancels the payout or reverses its transfer, refunds the client in full, cancels the testimony. With an `amount` in cents that leaves something, so much goes back, commission and payout are lowered in proportion, and the acceptance stands. Each step is resumed until it is done.",
    bodyExample: { reason: "The expert fell ill." },
    responses: { 204: { description: "Under way" } },
    errors: {
      404: ["testimony_unknown"],
      409: ["state_wrong"],
      422: ["amount_exceeds_refundable"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "operator",
  params: z.object({ id: z.string() }),
  body: () => z.strictObject({ reason: z.string().max(reasonMax), amount: z.int().min(1).optional() }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ caller, body: { reason, amount }, found, perform }) {
    const result = await perform({
      name: "refund-testimony",
      input: { testimonyId: found.id, operator: caller.name, reason, amountMinor: amount },
    });
    return result.ok ? noContent : result;
  },
});
