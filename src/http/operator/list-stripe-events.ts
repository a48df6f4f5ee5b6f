import * as z from "zod";
import { deadEventsAt } from "../../db/stripe-events";
import { described } from "../described";
import { answerPage, createdQuery, createdRangeOf, cursorPageOf, listQuery, pageOf } from "../page";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { stripeEventObject, toStripeEvent } from "./stripe-event";

export const listStripeEvents = defineRoute(adminDialect, {
  operationId: "list-stripe-events",
  method: "get",
  path: "/admin/stripe-events",
  ...described(() => ({
    tag: "Operator",
    summary: "Events of Stripe's that were given up",
    description: "By the time of their arrival. Each can be replayed, or closed.",
    responses: { 200: { description: "One page", schema: pageOf(stripeEventObject) } },
  })),
  access: "operator",
  query: () =>
    listQuery({
      state: z.enum(["dead"]).default("dead"),
      type: z.string().max(255).optional(),
      ...createdQuery(),
    }),
  async handle({ edge, query }) {
    const filter = { type: query.type, ...createdRangeOf(query) };
    return answerPage(query, await deadEventsAt(edge.deps.db, filter, cursorPageOf(query)), toStripeEvent);
  },
});
