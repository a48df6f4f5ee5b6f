import * as z from "zod";
import type { WebhookAttempt } from "../../db/webhooks/attempts";
import type { DeliveryKey, WebhookDelivery } from "../../db/webhooks/deliveries";
import { isId } from "../../domain/id";
import { forDescription } from "../described";
import { toIso } from "./iso";

export const deliveryObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      endpointId: z.string(),
      /** The message id: the same in every attempt and every replay. */
      eventId: z.string(),
      type: z.string(),
      resource: z.string(),
      sequence: z.int(),
      state: z.enum(["pending", "delivered", "failed"]),
      attempts: z.int(),
      nextAttemptAt: z.string().nullable(),
      createdAt: z.string(),
    })
    .meta({ id: "WebhookDelivery" }),
);

export const attemptObject = forDescription(() =>
  z
    .strictObject({
      number: z.int(),
      at: z.string(),
      durationMs: z.int(),
      outcome: z.enum(["delivered", "gone", "refused", "redirected", "timeout", "unreachable", "target_forbidden"]),
      status: z.int().nullable(),
      excerpt: z.string().nullable(),
      nextAttemptAt: z.string().nullable(),
    })
    .meta({ id: "WebhookAttempt" }),
);

export function toDelivery(row: WebhookDelivery): z.output<typeof deliveryObject> {
  return {
    id: deliveryIdOf(row),
    endpointId: row.endpointId,
    eventId: row.eventId,
    type: row.type,
    resource: row.aggregateId,
    sequence: row.sequence,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === "pending" || row.replay ? toIso(row.dueAt) : null,
    createdAt: toIso(row.createdAt),
  };
}

export function toAttempt(row: WebhookAttempt): z.output<typeof attemptObject> {
  return {
    number: row.number,
    at: toIso(row.at),
    durationMs: row.durationMs,
    outcome: row.outcome as z.output<typeof attemptObject>["outcome"],
    status: row.status,
    excerpt: row.excerpt,
    nextAttemptAt: toIso(row.nextAttemptAt),
  };
}

/** Returns a delivery's id: its endpoint's and its event's. */
export function deliveryIdOf({ endpointId, eventId }: DeliveryKey): string {
  return `${endpointId}.${eventId}`;
}

/** Returns the key in a delivery's id; undefined if the text is none. */
export function keyOfDelivery(id: string): DeliveryKey | undefined {
  const [endpointId = "", eventId = "", ...rest] = id.split(".");
  return isId(endpointId) && isId(eventId) && rest.length === 0 ? { endpointId, eventId } : undefined;
}
