import type { Direction } from "./transfer-side";

/** The delivery job of an event to one endpoint. */
export interface EventErrand {
  kind: "event";
  endpointId: string;
  eventId: string;
}

/** The delivery job of a transfer's message to the application of one side. */
export interface TransferErrand {
  kind: "transfer";
  applicationId: string;
  reference: string;
  direction: Direction;
}

/**
 * A delivery job: the content of one queue message of either contract. It asks for one attempt; the delivery itself is
 * a row in D1.
 */
export type Errand = EventErrand | TransferErrand;

/**
 * Returns the receiver's key. One Durable Object makes all attempts for a key, so that a slow receiver never delays
 * another.
 */
export function receiverOf(errand: Errand): string {
  return errand.kind === "event" ? errand.endpointId : `application:${errand.applicationId}`;
}

/** Returns a name that is unique among the delivery jobs of one receiver. */
export function nameOf(errand: Errand): string {
  return errand.kind === "event" ? errand.eventId : `${errand.reference}:${errand.direction}`;
}

/** Tells whether a queue message's body is a delivery job. */
export function isErrand(body: unknown): body is Errand {
  const message = (body ?? {}) as Record<string, unknown>;
  const isText = (name: string) => typeof message[name] === "string";
  if (message.kind === "event") return isText("endpointId") && isText("eventId");
  return message.kind === "transfer" && ["applicationId", "reference", "direction"].every(isText);
}
