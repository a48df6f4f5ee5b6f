import { secondMs } from "../time";
import type { MessageType } from "../transfers/message";
import type { Direction } from "../transfers/side";

/** Delay after which the sweep makes a delivery whose job was lost; otherwise the job is enqueued at once. */
export const handOnMs = 10 * secondMs;

/** The delivery job of an event to one endpoint. */
export interface EventDeliveryJob {
  kind: "event";
  endpointId: string;
  eventId: string;
}

/** The delivery job of a transfer's message to the application of one side. */
export interface TransferDeliveryJob {
  kind: "transfer";
  applicationId: string;
  reference: string;
  direction: Direction;
  /** Left out by a Worker from before a receiver could be told twice of one transfer. */
  eventType?: MessageType;
}

/**
 * A delivery job: the content of one queue message of either contract. It asks for one attempt; the delivery itself is
 * a row in D1.
 */
export type DeliveryJob = EventDeliveryJob | TransferDeliveryJob;

/**
 * Returns the receiver's key. One Durable Object makes all attempts for a key, so that a slow receiver never delays
 * another.
 */
export function receiverOf(job: DeliveryJob): string {
  return job.kind === "event" ? job.endpointId : `application:${job.applicationId}`;
}

/** Returns a name that is unique among the delivery jobs of one receiver. */
export function nameOf(job: DeliveryJob): string {
  return job.kind === "event" ? job.eventId : [job.reference, job.direction, job.eventType].join(":");
}

/** Tells whether a queue message's body is a delivery job. */
export function isDeliveryJob(body: unknown): body is DeliveryJob {
  const message = (body ?? {}) as Record<string, unknown>;
  const isText = (name: string) => typeof message[name] === "string";
  if (message.kind === "event") return isText("endpointId") && isText("eventId");
  return message.kind === "transfer" && ["applicationId", "reference", "direction"].every(isText);
}
