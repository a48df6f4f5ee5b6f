import { isPurged, type StoredEvent } from "../../db/stripe-events";

/** What we read of the object that an event is about: which objects it names, and the ids that we bound to it. */
export interface EventObject {
  id: string;
  payment_intent?: unknown;
  charge?: unknown;
  metadata?: Record<string, string> | null;
}

/** The object as Stripe sent it. Its ids choose what to look at; nothing else of it is believed. */
export function objectOf(event: Pick<StoredEvent, "payload">): EventObject {
  if (isPurged(event)) throw new Error("what Stripe sent was purged");
  return JSON.parse(event.payload).data.object;
}

/** The id of an object that is named by it, or there as a whole. */
export function idOf(reference: unknown): string | undefined {
  if (typeof reference === "string") return reference;
  const id = (reference as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}
