import { and, eq, sql } from "drizzle-orm";
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

/** Writes down what came of an event, unless it was changed since it was read: a replay is not ended by what began before it. */
export function updateEvent(
  db: Database,
  read: Pick<StoredEvent, "id" | "version">,
  changes: Partial<
    Pick<StoredEvent, "state" | "payload" | "attempts" | "dueAt" | "failure" | "aggregateId" | "processedAt">
  >,
): Statement {
  return db
    .update(stripeEvents)
    .set({ ...changes, version: read.version + 1 })
    .where(and(eq(stripeEvents.id, read.id), eq(stripeEvents.version, read.version)));
}

/** Puts an event back in line as if it had just come, whatever became of it. */
export function replayEvent(db: Database, id: string, dueAt: number): Statement {
  return db
    .update(stripeEvents)
    .set({ state: "received", attempts: 0, dueAt, failure: null, version: sql`${stripeEvents.version} + 1` })
    .where(eq(stripeEvents.id, id));
}

export function selectEvent(db: Database, id: string) {
  return db.select().from(stripeEvents).where(eq(stripeEvents.id, id));
}
