import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const noteMax = 500;

export const releasePayout = defineRoute(adminDialect, {
  operationId: "release-payout",
  method: "post",
  path: "/admin/testimonies/:id/release-payout",
  ...described(() => ({
    tag: "Operator",
    summary: "Let a payout go that is held because money of its payment is gone, or before its release",
    description:
      "All of it, or a lower `amount` in cents, at most what the charge still holds at Stripe; what is left out is written off, and the expert is owed it no more. `early` sends it before the date, or the completion, that releases it; without it that wait goes on. It waits on for the expert's account, and is held again when more money goes.",
    bodyExample: { note: "Agreed with the expert by telephone.", amount: 5000 },
    responses: { 204: { description: "Under way" } },
    errors: {
      404: ["testimony_unknown"],
      409: ["state_wrong"],
      422: ["amount_exceeds_charge"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "operator",
  params: z.object({ id: z.string() }),
  body: () =>
    z.strictObject({
      note: z.string().min(1).max(noteMax),
      amount: z.int().min(1).optional(),
      early: z.boolean().optional(),
    }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ caller, body: { note, amount, early }, found, perform }) {
    const result = await perform({
      name: "release-payout",
      input: { testimonyId: found.id, operator: caller.name, note, amountMinor: amount, early },
    });
    return result.ok ? noContent : result;
  },
});
