import * as z from "zod";
import { selectCall } from "../../db/stripe-effects";
import { madeOnce } from "../../domain/made-once";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const note = madeOnce(() => z.string().min(1).max(500));

export const settleStripeCall = defineRoute(adminDialect, {
  operationId: "settle-stripe-call",
  method: "post",
  path: "/admin/stripe-calls/:aggregate/:id/settle",
  ...described(() => ({
    tag: "Operator",
    summary: "Say how a call at Stripe has ended that nothing else can end",
    description:
      "`made`, with the object, which is fetched and checked against what the call asked for; or `not_made`. From the first request on the call is not sent again. 409 `too_early` until a day after it was sent; then Stripe is asked once more, and what it has made stands above what is said here. What follows is the same as if Stripe had answered.",
    bodyExample: { outcome: "not_made", note: "Nothing in the dashboard, and Stripe's support says so, too." },
    responses: {
      200: {
        description: "How it has ended",
        schema: z.strictObject({
          data: z.strictObject({ state: z.enum(["done", "refused"]), object_id: z.string().nullable() }),
        }),
      },
    },
    errors: {
      404: ["call_unknown"],
      409: ["state_wrong", "too_early"],
      422: ["object_mismatch"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "operator",
  params: () => z.object({ aggregate: z.string(), id: z.string() }),
  body: () =>
    z.discriminatedUnion("outcome", [
      z.strictObject({ outcome: z.literal("made"), object_id: z.string().min(1).max(255), note: note() }),
      z.strictObject({ outcome: z.literal("not_made"), note: note() }),
    ]),
  load: ({ db, params: { aggregate = "", id = "" } }) => [selectCall(db, aggregate, id)],
  find: ([[call]]) => call ?? "call_unknown",
  async handle({ caller, body, found, perform }) {
    const objectId = body.outcome === "made" ? body.object_id : undefined;
    const input = { ...found, objectId, operator: caller.name, note: body.note };
    const result = await perform({ name: "settle-stripe-call", input });
    if (!result.ok) return result;
    return ok({ data: { state: result.value.state, object_id: result.value.objectId } });
  },
});
