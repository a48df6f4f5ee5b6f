import * as z from "zod";
import type { listDeadEvents } from "../../db/attention";
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

export function toStripeEvent(event: Awaited<ReturnType<typeof listDeadEvents>>[number]) {
  const { createdAt, receivedAt, ...facts } = event;
  return { ...facts, createdAt: new Date(createdAt).toISOString(), receivedAt: new Date(receivedAt).toISOString() };
}
