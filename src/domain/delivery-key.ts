/** Which delivery of which endpoint. */
export interface EventDelivery {
  kind: "event";
  endpointId: string;
  eventId: string;
}

/** Which record of a transfer, and whom it tells. */
export interface TransferDelivery {
  kind: "transfer";
  applicationId: string;
  reference: string;
  direction: "RECEIVER" | "SENDER";
}

/** One delivery, of either wire: what a message of the queue carries. The row is in D1. */
export type DeliveryKey = EventDelivery | TransferDelivery;

/** Who is told: attempts to the same one are made by one object, so that a slow receiver never delays another. */
export function receiverOf(key: DeliveryKey): string {
  return key.kind === "event" ? key.endpointId : `application:${key.applicationId}`;
}

/** What tells the deliveries of one receiver apart. */
export function nameOf(key: DeliveryKey): string {
  return key.kind === "event" ? key.eventId : `${key.reference}:${key.direction}`;
}

/** Whether a message names a delivery. */
export function isDeliveryKey(body: unknown): body is DeliveryKey {
  const { kind, ...rest } = (body ?? {}) as Record<string, unknown>;
  const names = kind === "event" ? ["endpointId", "eventId"] : ["applicationId", "reference", "direction"];
  return (kind === "event" || kind === "transfer") && names.every((name) => typeof rest[name] === "string");
}
