import { and, eq, inArray, lte, sql } from "drizzle-orm";
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
  closedBy: stripeEvents.closedBy,
  note: stripeEvents.note,
};

/** A payload becomes this when its time is over. */
const purged = "{}";

/** Whether what Stripe sent is gone. */
export function isPurged({ payload }: Pick<StoredEvent, "payload">): boolean {
  return payload === purged;
}

type NewEvent = Pick<StoredEvent, "id" | "account" | "type" | "objectId" | "payload" | "createdAt"> & {
  receivedAt: number;
  dueAt: number;
};

/** Stores an event that has arrived. One that is known stays as it is, unless it was given up: that one is taken up again. */
export function storeEvent(db: Database, event: NewEvent): Statement {
  const { payload, dueAt } = event;
  return db
    .insert(stripeEvents)
    .values({ ...event, state: "received", attempts: 0 })
    .onConflictDoUpdate({
      target: stripeEvents.id,
      set: { state: "received", attempts: 0, failure: null, payload, dueAt, version: sql`${stripeEvents.version} + 1` },
      setWhere: eq(stripeEvents.state, "dead"),
    });
}

/** Stores events that were read from Stripe's list. Those that are known stay as they are. */
export function storeEvents(db: Database, events: readonly NewEvent[]): Statement[] {
  const rowsMax = 9; // 11 columns × 9 rows are the parameters that a statement may have
  const statements: Statement[] = [];
  for (let start = 0; start < events.length; start += rowsMax) {
    const rows = events.slice(start, start + rowsMax).map((event) => ({
      ...event,
      state: "received" as const,
      attempts: 0,
    }));
    statements.push(db.insert(stripeEvents).values(rows).onConflictDoNothing());
  }
  return statements;
}

/** Which of these events are known, however they ended. At most a hundred. */
export function selectKnownEvents(db: Database, ids: readonly string[]) {
  return db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(inArray(stripeEvents.id, [...ids]));
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

/** Puts an event back in line as if it had just come with this payload, whatever became of it. */
export function replayEvent(db: Database, id: string, again: { payload: string; dueAt: number }): Statement {
  return db
    .update(stripeEvents)
    .set({ ...again, state: "received", attempts: 0, failure: null, version: sql`${stripeEvents.version} + 1` })
    .where(eq(stripeEvents.id, id));
}

/** Ends a dead event, with who said so and why. Its payload has served. */
export function closeEvent(db: Database, id: string, { closedBy, note }: { closedBy: string; note: string }) {
  return db
    .update(stripeEvents)
    .set({ state: "closed", payload: purged, closedBy, note })
    .where(and(eq(stripeEvents.id, id), eq(stripeEvents.state, "dead")))
    .returning({ id: stripeEvents.id });
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
  return db.update(stripeEvents).set({ payload: purged, dueAt: null }).where(sql`${stripeEvents.id} in ${over}`);
}
