import type { Direction } from "./transfer-side";

/** To attempt one delivery of an event to an endpoint. */
export interface EventErrand {
  kind: "event";
  endpointId: string;
  eventId: string;
}

/** To attempt telling one side of a transfer. */
export interface TransferErrand {
  kind: "transfer";
  applicationId: string;
  reference: string;
  direction: Direction;
}

/** One attempt to be made, of either wire: what a message of the queue says. The row is in D1. */
export type Errand = EventErrand | TransferErrand;

/** Who is told. One object makes all attempts of the same, so that a slow receiver never delays another. */
export function receiverOf(errand: Errand): string {
  return errand.kind === "event" ? errand.endpointId : `application:${errand.applicationId}`;
}

/** What tells the errands to one receiver apart. */
export function nameOf(errand: Errand): string {
  return errand.kind === "event" ? errand.eventId : `${errand.reference}:${errand.direction}`;
}

/** Whether a message says where to go. */
export function isErrand(body: unknown): body is Errand {
  const message = (body ?? {}) as Record<string, unknown>;
  const isText = (name: string) => typeof message[name] === "string";
  if (message.kind === "event") return isText("endpointId") && isText("eventId");
  return message.kind === "transfer" && ["applicationId", "reference", "direction"].every(isText);
}
