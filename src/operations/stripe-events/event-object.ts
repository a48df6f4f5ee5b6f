import { isPurged, type StoredEvent } from "../../db/stripe-events";

/** The members that we read of an event's object: the objects that it names, and the ids that we bound to it. */
export interface EventObject {
  id: string;
  payment_intent?: unknown;
  charge?: unknown;
  metadata?: Record<string, string> | null;
}

/**
 * Returns the object as Stripe sent it. Its ids choose which of our rows to check; nothing else of it is trusted.
 * Throws if the payload was purged.
 */
export function objectOf(event: Pick<StoredEvent, "payload">): EventObject {
  if (isPurged(event)) throw new Error("the event's payload was purged");
  return JSON.parse(event.payload).data.object;
}

/** Returns the id of a referenced object, whether the reference is an id or the whole object. */
export function idOf(reference: unknown): string | undefined {
  if (typeof reference === "string") return reference;
  const id = (reference as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}
