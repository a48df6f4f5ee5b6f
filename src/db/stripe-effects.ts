import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { ListPosition } from "../domain/list-position";
import type { Database, Statement } from "./database";
import { payments } from "./payments/tables";
import { stripeEffects } from "./schema";

export type StripeEffect = typeof stripeEffects.$inferSelect;

/** A call as it was read: every change of a call depends on that. */
type AsRead = Pick<StripeEffect, "aggregateId" | "id" | "generation" | "attempts">;

/** Statement: every call of an aggregate, in the order in which they were written down. */
export function selectEffects(db: Database, aggregateId: string) {
  return db
    .select()
    .from(stripeEffects)
    .where(eq(stripeEffects.aggregateId, aggregateId))
    .orderBy(asc(stripeEffects.id));
}

/** Statement: one call, by its ids. */
export function selectEffect(db: Database, aggregateId: string, id: string) {
  return db
    .select()
    .from(stripeEffects)
    .where(and(eq(stripeEffects.aggregateId, aggregateId), eq(stripeEffects.id, id)));
}

/** Statement: a call, and the order that its payment is locked by, if it belongs to a payment. */
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

/** Writes down a pending call before it is made, with the parameters that every repeat will send. */
export function insertCall(
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
    .set({ ...end, params: withoutMandate, state: ifAsRead(effect, end.state), dueAt: null })
    .where(isCall(effect));
}

/** A mandate's person, address and browser: nobody needs them once Stripe has it. */
const withoutMandate = sql`json_remove(${stripeEffects.params}, '$.mandate')`;

/** Puts a call off: its outcome is unknown, or it was certainly not done. */
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

/** Makes a pending call due at once. */
export function hastenEffect(db: Database, effect: AsRead, dueAt: number): Statement {
  return db
    .update(stripeEffects)
    .set({ dueAt, state: ifAsRead(effect) })
    .where(isCall(effect));
}

/**
 * Records that a call is about to be sent once more. This is written before the sending, because its outcome may never
 * be written.
 */
export function noteSending(db: Database, effect: AsRead, lastSentAt: number): Statement {
  return db
    .update(stripeEffects)
    .set({ lastSentAt, state: ifAsRead(effect) })
    .where(isCall(effect));
}

/** Records the position up to which Stripe's list was read for what a call may have made. */
export function keepSearch(db: Database, effect: AsRead, look: ListPosition): Statement {
  return db
    .update(stripeEffects)
    .set({ look, state: ifAsRead(effect) })
    .where(isCall(effect));
}

/**
 * Starts a new generation, and so a new idempotency key at Stripe. This is allowed only after Stripe was asked what
 * exists.
 */
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
 * Returns the state that a change writes, if the call is pending and as it was read. Otherwise it is null, which the
 * column refuses: an object that Cloudflare has replaced while it waited for Stripe fails with its whole batch, and
 * overwrites nothing that its successor has written.
 */
function ifAsRead({ generation, attempts }: AsRead, state: StripeEffect["state"] = "open"): SQL {
  const isAsRead = and(
    eq(stripeEffects.state, "open"),
    eq(stripeEffects.generation, generation),
    eq(stripeEffects.attempts, attempts),
  );
  return sql`case when ${isAsRead} then ${state} end`;
}

/** The constraint that a change violates if the call has changed since it was read. */
export const callMovedOn = "stripe_effects.state";
