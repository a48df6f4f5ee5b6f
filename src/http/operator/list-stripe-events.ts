import * as z from "zod";
import { listDeadEvents } from "../../db/attention";
import { described } from "../described";
import { ok } from "../route";
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
    description: "The newest hundred. Each can be replayed, or closed.",
    responses: { 200: { description: "The events", schema: z.strictObject({ data: z.array(stripeEventObject) }) } },
  })),
  access: "operator",
  query: z.object({ state: z.enum(["dead"]).default("dead") }),
  async handle({ edge }) {
    const events = await listDeadEvents(edge.deps.db);
    return ok({ data: events.map(toStripeEvent) });
  },
});
