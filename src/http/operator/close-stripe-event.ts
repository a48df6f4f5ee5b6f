import * as z from "zod";
import { selectEvent } from "../../db/stripe-events";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const noteMax = 500;

export const closeStripeEvent = defineRoute(adminDialect, {
  operationId: "close-stripe-event",
  method: "post",
  path: "/admin/stripe-events/:id/close",
  ...described(() => ({
    tag: "Operator",
    summary: "Say that an event that was given up needs nothing any more",
    description: "Takes it off the list; who closed it and why stays with it. No money moves.",
    bodyExample: { note: "The account is gone; its payout was reversed by hand." },
    responses: { 204: { description: "Closed" } },
    errors: { 404: ["event_unknown"], 409: ["state_wrong"] },
  })),
  access: "operator",
  params: () => z.object({ id: z.string() }),
  body: () => z.object({ note: z.string().trim().min(1).max(noteMax) }),
  load: ({ db, params: { id = "" } }) => [selectEvent(db, id)],
  find: ([[event]]) => event ?? "event_unknown",
  async handle({ caller, body, found, perform }) {
    const input = { eventId: found.id, operator: caller.name, note: body.note };
    const result = await perform({ name: "close-stripe-event", input });
    return result.ok ? noContent : result;
  },
});
