import * as z from "zod";
import { selectEvent } from "../../db/stripe-events";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

export const replayStripeEvent = defineRoute(adminDialect, {
  operationId: "replay-stripe-event",
  method: "post",
  path: "/admin/stripe-events/:id/replay",
  ...described(() => ({
    tag: "Operator",
    summary: "Process an event again",
    description:
      "Harmless for one that was processed: it asks Stripe for the present state. What Stripe sent is kept for 30 days; after that Stripe is asked for the event again, and where it has none, the answer is 409 `event_erased`.",
    responses: { 204: { description: "Under way" } },
    errors: { 404: ["event_unknown"], 409: ["event_erased"], 503: ["stripe_unavailable"] },
  })),
  access: "operator",
  params: () => z.object({ id: z.string() }),
  load: ({ db, params: { id = "" } }) => [selectEvent(db, id)],
  find: ([[event]]) => event ?? "event_unknown",
  async handle({ caller, found, perform }) {
    const result = await perform({ name: "replay-stripe-event", input: { eventId: found.id, operator: caller.name } });
    return result.ok ? noContent : result;
  },
});
