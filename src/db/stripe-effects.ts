import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { ListPosition } from "../domain/list-position";
import type { Database, Statement } from "./database";
import { payments } from "./payment-tables";
import { stripeEffects } from "./schema";

export type StripeEffect = typeof stripeEffects.$inferSelect;

/** A call as it was read: every change of one rests on that. */
type AsRead = Pick<StripeEffect, "aggregateId" | "id" | "generation" | "attempts">;

/** Every call of an aggregate, in the order of their claims. */
export function selectEffects(db: Database, aggregateId: string) {
  return db
    .select()
    .from(stripeEffects)
    .where(eq(stripeEffects.aggregateId, aggregateId))
    .orderBy(asc(stripeEffects.id));
}

/** One call, by its ids. */
export function selectEffect(db: Database, aggregateId: string, id: string) {
  return db
    .select()
    .from(stripeEffects)
    .where(and(eq(stripeEffects.aggregateId, aggregateId), eq(stripeEffects.id, id)));
}

/** Answers a call, and the order that its payment is locked by, if it is a payment's. */
export function selectCall(db: Database, aggregateId: string, effectId: string) {
  const { developerId, appId, orderId } = payments;
  return db
    .select({
      aggregateId: stripeEffects.aggregateId,
      effectId: stripeEffects.id,
      kind: stripeEffects.kind,
      order: { developerId, appId, orderId },
    })
    .from(stripeEffects)
    .leftJoin(payments, eq(payments.id, stripeEffects.aggregateId))
    .where(and(eq(stripeEffects.aggregateId, aggregateId), eq(stripeEffects.id, effectId)));
}

/** Claims a call before it is made, with the parameters that every repeat will send. */
export function claimEffect(
  db: Database,
  effect: Pick<StripeEffect, "aggregateId" | "id" | "kind" | "subjectId" | "params" | "createdAt"> & { dueAt: number },
): Statement {
  return db.insert(stripeEffects).values({
    ...effect,
    state: "open",
    generation: 0,
    attempts: 0,
    sentAt: effect.createdAt,
    lastSentAt: effect.createdAt,
  });
}

/** Ends a call: Stripe did it, or refused it for good. */
export function settleEffect(
  db: Database,
  effect: AsRead,
  end: { state: "done"; resultId: string } | { state: "refused"; failure: string },
): Statement {
  return db
    .update(stripeEffects)
    .set({ ...end, state: ifAsRead(effect, end.state), dueAt: null })
    .where(isCall(effect));
}

/** Puts a call off: its outcome is not known, or it was certainly not done. */
export function postponeEffect(
  db: Database,
  effect: AsRead,
  changes: { attempts: number; dueAt: number; failure: string; lastSentAt?: number },
): Statement {
  return db
    .update(stripeEffects)
    .set({ ...changes, state: ifAsRead(effect) })
    .where(isCall(effect));
}

/** Says that a call is about to be sent once more: before it is, because what comes of it may never be written. */
export function noteSending(db: Database, effect: AsRead, lastSentAt: number): Statement {
  return db
    .update(stripeEffects)
    .set({ lastSentAt, state: ifAsRead(effect) })
    .where(isCall(effect));
}

/** Keeps how far Stripe's list was read for what a call may have made. */
export function keepLook(db: Database, effect: AsRead, look: ListPosition): Statement {
  return db
    .update(stripeEffects)
    .set({ look, state: ifAsRead(effect) })
    .where(isCall(effect));
}

/** Starts a new generation, and so a new idempotency key at Stripe: only after Stripe was asked what exists. */
export function renewEffect(db: Database, effect: AsRead, changes: { generation: number; sentAt: number }): Statement {
  return db
    .update(stripeEffects)
    .set({ ...changes, lastSentAt: changes.sentAt, look: null, failure: null, state: ifAsRead(effect) })
    .where(isCall(effect));
}

function isCall({ aggregateId, id }: AsRead): SQL | undefined {
  return and(eq(stripeEffects.aggregateId, aggregateId), eq(stripeEffects.id, id));
}

/**
 * The state that a change leaves, while the call is open and as it was read. Otherwise it is null, which the column refuses:
 * an object that Cloudflare has replaced while it waited for Stripe fails with its whole batch, and writes over nothing
 * that its successor has written.
 */
function ifAsRead({ generation, attempts }: AsRead, state: StripeEffect["state"] = "open"): SQL {
  const isAsRead = and(
    eq(stripeEffects.state, "open"),
    eq(stripeEffects.generation, generation),
    eq(stripeEffects.attempts, attempts),
  );
  return sql`case when ${isAsRead} then ${state} end`;
}

/** The constraint that a change violates which came too late. */
export const callMovedOn = "stripe_effects.state";
