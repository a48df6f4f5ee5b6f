import { desc, eq, inArray, lte } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { stripeEvents, stripeObjects } from "./schema";

export type StoredEvent = typeof stripeEvents.$inferSelect;

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
  changes: Partial<Pick<StoredEvent, "state" | "attempts" | "dueAt" | "failure" | "aggregateId" | "processedAt">>,
): Statement {
  return db.update(stripeEvents).set(changes).where(eq(stripeEvents.id, id));
}

export function selectEvent(db: Database, id: string) {
  return db.select().from(stripeEvents).where(eq(stripeEvents.id, id));
}

/** Events that could not be processed, newest first. */
export function selectDeadEvents(db: Database, limit: number) {
  return db
    .select()
    .from(stripeEvents)
    .where(eq(stripeEvents.state, "dead"))
    .orderBy(desc(stripeEvents.receivedAt))
    .limit(limit);
}

/** Which of our aggregates the objects belong to. At most ten ids. */
export function selectOwners(db: Database, stripeIds: readonly string[]) {
  return db
    .select()
    .from(stripeObjects)
    .where(inArray(stripeObjects.stripeId, [...stripeIds]));
}

/** Empties the payloads of events that are long processed: a page at a time, oldest first. */
export function selectOldPayloads(db: Database, beforeMs: number, limit: number) {
  return db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(lte(stripeEvents.receivedAt, beforeMs))
    .limit(limit);
}
