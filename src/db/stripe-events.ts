import { and, eq, lte, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { stripeEvents } from "./schema";

export type StoredEvent = typeof stripeEvents.$inferSelect;

/** What an operator sees of an event: everything but what Stripe wrote about people. */
export const eventFacts = {
  id: stripeEvents.id,
  account: stripeEvents.account,
  type: stripeEvents.type,
  objectId: stripeEvents.objectId,
  state: stripeEvents.state,
  attempts: stripeEvents.attempts,
  failure: stripeEvents.failure,
  createdAt: stripeEvents.createdAt,
  receivedAt: stripeEvents.receivedAt,
};

/** Stores an event as received. One that is known stays as it is: what counts is whether it was processed. */
export function storeEvent(
  db: Database,
  event: Pick<StoredEvent, "id" | "account" | "type" | "objectId" | "payload" | "createdAt"> & {
    receivedAt: number;
    dueAt: number;
  },
): Statement {
  return db
    .insert(stripeEvents)
    .values({ ...event, state: "received", attempts: 0 })
    .onConflictDoNothing();
}

export function updateEvent(
  db: Database,
  id: string,
  changes: Partial<
    Pick<StoredEvent, "state" | "payload" | "attempts" | "dueAt" | "failure" | "aggregateId" | "processedAt">
  >,
): Statement {
  return db.update(stripeEvents).set(changes).where(eq(stripeEvents.id, id));
}

export function selectEvent(db: Database, id: string) {
  return db.select().from(stripeEvents).where(eq(stripeEvents.id, id));
}

/** Empties the payloads of processed events whose time is over, at most `limit` at once: the rows stay and say that they were. */
export function purgePayloads(db: Database, nowMs: number, limit: number) {
  const over = db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(and(lte(stripeEvents.dueAt, nowMs), sql`state = 'processed'`))
    .limit(limit);
  return db.update(stripeEvents).set({ payload: "{}", dueAt: null }).where(sql`${stripeEvents.id} in ${over}`);
}
