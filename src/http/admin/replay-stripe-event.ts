import * as z from "zod";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

export const replayStripeEvent = defineRoute(adminDialect, {
  operationId: "replay-stripe-event",
  method: "post",
  path: "/admin/stripe-events/:id/replay",
  tag: "Operator",
  summary: "Process an event again",
  description: "Harmless for one that was processed: it asks Stripe for the present state.",
  access: "operator",
  params: z.object({ id: z.string() }),
  responses: { 204: { description: "Under way" } },
  errors: [404],
  async handle({ caller, params: { id = "" }, perform }) {
    const result = await perform({ name: "replay-stripe-event", input: { eventId: id, operator: caller.name } });
    return result.ok ? noContent : result;
  },
});
