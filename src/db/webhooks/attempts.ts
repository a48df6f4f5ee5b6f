import { and, asc, eq, notExists, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { webhookAttempts, webhookDeliveries } from "../schema";
import { type DeliveryKey, isDelivery, type WebhookDelivery } from "./deliveries";

export type WebhookAttempt = typeof webhookAttempts.$inferSelect;

/** The result of an attempt. */
type Made = Pick<WebhookAttempt, "at" | "durationMs" | "outcome" | "status" | "excerpt">;

/** The delivery's next state. */
interface Next {
  state: WebhookDelivery["state"];
  nextAttemptAt: number | null;
  /** The time of the next attempt; after the end, of the row's purge. */
  dueAt: number;
}

/**
 * Writes an attempt, with the next state of its delivery. If the delivery has changed since it was read, the attempt is
 * only logged, and changes nothing but that the delivery is delivered, if it was.
 */
export function writeAttempt(db: Database, read: WebhookDelivery, made: Made, next: Next): Statement[] {
  const { endpointId, eventId, attempts, state, replay, version, dueAt, failedAt } = webhookDeliveries;
  const isAsRead = sql`${version} = ${read.version}`;
  const attempt = db
    .select({
      endpointId,
      eventId,
      number: sql`${attempts} + 1`.as("number"),
      at: sql`cast(${made.at} as integer)`.as("at"),
      durationMs: sql`cast(${made.durationMs} as integer)`.as("duration_ms"),
      outcome: sql`${made.outcome}`.as("outcome"),
      status: sql`cast(${made.status} as integer)`.as("status"),
      excerpt: sql`${made.excerpt}`.as("excerpt"),
      nextAttemptAt: sql`case when ${isAsRead} then cast(${next.nextAttemptAt} as integer) else ${dueAt} end`.as(
        "next_attempt_at",
      ),
    })
    .from(webhookDeliveries)
    .where(isDelivery(read));
  const otherwise = next.state === "delivered" ? sql`'delivered'` : sql`${state}`;
  return [
    db.insert(webhookAttempts).select(attempt),
    db
      .update(webhookDeliveries)
      .set({
        state: sql`case when ${isAsRead} then ${next.state} else ${otherwise} end`,
        failedAt: sql`case when ${isAsRead} and ${next.state} = 'failed' then coalesce(${failedAt}, cast(${made.at} as integer)) else ${failedAt} end`,
        replay: sql`case when ${isAsRead} then 0 else ${replay} end`,
        dueAt: sql`case when ${isAsRead} then cast(${next.dueAt} as integer) else ${dueAt} end`,
        attempts: sql`${attempts} + 1`,
        version: sql`${version} + 1`,
      })
      .where(isDelivery(read)),
  ];
}

/** An attempt that was accepted, of a delivery as it was read. */
export interface Accepted extends Omit<Made, "outcome"> {
  read: WebhookDelivery;
}

/**
 * Writes accepted attempts of one endpoint's deliveries together. A delivery that has changed since it was read is left
 * alone, with its attempt: the last statement returns the others. `dueAt` is when their rows are purged.
 */
export function writeAccepted(db: Database, endpointId: string, accepted: readonly Accepted[], dueAt: number) {
  const rows = JSON.stringify(
    accepted.map(({ read, at, durationMs, status, excerpt }) => [
      read.eventId,
      read.version,
      at,
      durationMs,
      status,
      excerpt,
    ]),
  );
  const part = (index: number) => sql`made.value ->> ${sql.raw(String(index))}`;
  const deliveries = webhookDeliveries;
  const isAsRead = and(
    eq(deliveries.endpointId, endpointId),
    eq(deliveries.eventId, part(0)),
    eq(deliveries.version, part(1)),
  );
  const attempts = db
    .select({
      endpointId: deliveries.endpointId,
      eventId: deliveries.eventId,
      number: sql`${deliveries.attempts} + 1`.as("number"),
      at: sql`${part(2)}`.as("at"),
      durationMs: sql`${part(3)}`.as("duration_ms"),
      outcome: sql`'delivered'`.as("outcome"),
      status: sql`${part(4)}`.as("status"),
      excerpt: sql`${part(5)}`.as("excerpt"),
      nextAttemptAt: sql`null`.as("next_attempt_at"),
    })
    .from(sql`json_each(${rows}) as made`)
    .innerJoin(deliveries, isAsRead);
  const update = db
    .update(deliveries)
    .set({
      state: "delivered",
      replay: false,
      dueAt,
      attempts: sql`${deliveries.attempts} + 1`,
      version: sql`${deliveries.version} + 1`,
    })
    .where(
      and(
        eq(deliveries.endpointId, endpointId),
        sql`(${deliveries.eventId}, ${deliveries.version}) in (select ${part(0)}, ${part(1)} from json_each(${rows}) as made)`,
      ),
    )
    .returning({ eventId: deliveries.eventId });
  return [db.insert(webhookAttempts).select(attempts), update] as const;
}

/** Statement: the attempts of one delivery, in order. */
export function selectAttempts(db: Database, { endpointId, eventId }: DeliveryKey) {
  return db
    .select()
    .from(webhookAttempts)
    .where(and(eq(webhookAttempts.endpointId, endpointId), eq(webhookAttempts.eventId, eventId)))
    .orderBy(asc(webhookAttempts.number));
}

/** Deletes a delivery and its attempts together, unless the delivery has changed since it was read. */
export function forgetDelivery(db: Database, read: WebhookDelivery): Statement[] {
  const { endpointId, eventId } = webhookAttempts;
  const isKept = db.select({ one: sql`1` }).from(webhookDeliveries).where(isDelivery(read));
  return [
    db.delete(webhookDeliveries).where(and(isDelivery(read), eq(webhookDeliveries.version, read.version))),
    db
      .delete(webhookAttempts)
      .where(and(eq(endpointId, read.endpointId), eq(eventId, read.eventId), notExists(isKept))),
  ];
}
