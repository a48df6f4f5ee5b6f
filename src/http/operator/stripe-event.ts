import * as z from "zod";
import type { EventFacts } from "../../db/stripe-events";
import { forDescription } from "../described";

const instant = forDescription(() => z.iso.datetime());

/** A stored event of Stripe's, without its payload. */
export const stripeEventObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      account: z.string().nullable(),
      type: z.string(),
      objectId: z.string(),
      state: z.enum(["received", "processed", "dead", "closed"]),
      attempts: z.int(),
      failure: z.string().nullable(),
      createdAt: instant,
      receivedAt: instant,
      closedBy: z.string().nullable(),
      note: z.string().nullable(),
    })
    .meta({ id: "StripeEvent" }),
);

export function toStripeEvent(event: EventFacts): z.output<typeof stripeEventObject> {
  return {
    id: event.id,
    account: event.account,
    type: event.type,
    objectId: event.objectId,
    state: event.state,
    attempts: event.attempts,
    failure: event.failure,
    createdAt: new Date(event.createdAt).toISOString(),
    receivedAt: new Date(event.receivedAt).toISOString(),
    closedBy: event.closedBy,
    note: event.note,
  };
}
