import { and, eq, inArray, isNotNull, isNull, lte, notExists, or, type SQLWrapper, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isCreatedIn, readAt } from "./cursor-page";
import type { Database, Statement } from "./database";
import { cutLooked, lookThrough } from "./look-through";
import { isRecovering } from "./restore-mark";
import { checkouts, cursors, stripeEvents, stripeObjects } from "./schema";

export type StoredEvent = typeof stripeEvents.$inferSelect;

/** The columns of an event that an operator sees: all but what Stripe wrote about people. */
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

/** An event without its payload. */
export type EventFacts = Omit<
  typeof stripeEvents.$inferSelect,
  "aggregateId" | "payload" | "version" | "dueAt" | "processedAt"
>;

/** Reads a page of the events that were given up, by the time of their arrival; of one type if given. */
export async function deadEventsAt(db: Database, { type, ...created }: DeadFilter, page: CursorPage) {
  const { id, receivedAt, createdAt } = stripeEvents;
  const place = db
    .select({ receivedAt, id })
    .from(stripeEvents)
    .where(eq(id, page.cursor?.id ?? ""));
  const looking = {
    key: [receivedAt, id],
    place: sql`${place}`,
    owned: sql`${stripeEvents.state} = 'dead'`, // as text, because a bound parameter does not match the index's condition
    matches: and(type === undefined ? undefined : eq(stripeEvents.type, type), isCreatedIn(createdAt, created)),
  };
  const rows = lookThrough<typeof stripeEvents, EventFacts>(db, stripeEvents, page, looking, eventFacts);
  const named = (name: string) => db.select({ id }).from(stripeEvents).where(eq(id, name));
  const read = await readAt(db, page, named, [rows]);
  return read && cutLooked<EventFacts>(page, read[0], (row) => row.id);
}

/** The filters of a list of events that were given up. */
interface DeadFilter extends CreatedRange {
  type?: string | undefined;
}

/** The payload of an event whose payload was purged. */
const purged = "{}";

/** Tells whether the payload was purged. */
export function isPurged({ payload }: Pick<StoredEvent, "payload">): boolean {
  return payload === purged;
}

type NewEvent = Pick<StoredEvent, "id" | "account" | "type" | "objectId" | "payload" | "createdAt"> & {
  receivedAt: number;
  dueAt: number;
};

/**
 * Stores an event that has arrived. A known event stays as it is, unless it was given up: then it is processed again.
 */
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

/**
 * Ends an event at once if its payment was accepted already and nothing of it is awaited any more, the object by which
 * it is found being `stripeId`. Returns its id if so. Not while the time that a restored database has lost is searched.
 */
export function settleAtOnce(
  db: Database,
  id: string,
  stripeId: string,
  times: { processedAt: number; dueAt: number },
) {
  const settled = db
    .select({ testimonyId: checkouts.testimonyId })
    .from(stripeObjects)
    .innerJoin(
      checkouts,
      and(eq(checkouts.testimonyId, stripeObjects.aggregateId), eq(checkouts.id, stripeObjects.subjectId)),
    )
    .where(
      and(
        eq(stripeObjects.stripeId, stripeId),
        eq(checkouts.state, "accepted"),
        or(isNotNull(checkouts.feeMinor), isNull(checkouts.dueAt)),
        notExists(db.select({ one: sql`1` }).from(cursors).where(isRecovering)),
      ),
    )
    .as("settled");
  return db
    .update(stripeEvents)
    .set({
      ...{ state: "processed", ...times, aggregateId: sql`${settled.testimonyId}`, ...payloadOf(settled.testimonyId) },
      version: sql`${stripeEvents.version} + 1`,
    })
    .from(settled)
    .where(and(eq(stripeEvents.id, id), eq(stripeEvents.state, "received")))
    .returning({ id: stripeEvents.id });
}

/** Stores events that were read from Stripe's list. Known events stay as they are. */
export function storeEvents(db: Database, events: readonly NewEvent[]): Statement[] {
  const rowsMax = 9; // 11 columns × 9 rows < 100 parameters
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

/** Statement: those of these events that are known, in any state. At most a hundred ids. */
export function selectKnownEvents(db: Database, ids: readonly string[]) {
  return db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(inArray(stripeEvents.id, [...ids]));
}

/**
 * Writes the outcome of an event, unless it was changed since it was read: processing that began before a replay does
 * not end the replay.
 */
export function updateEvent(
  db: Database,
  read: Pick<StoredEvent, "id" | "version">,
  changes: Partial<
    Pick<StoredEvent, "state" | "payload" | "attempts" | "dueAt" | "failure" | "aggregateId" | "processedAt">
  >,
): Statement {
  return db
    .update(stripeEvents)
    .set({ ...changes, ...(changes.aggregateId && payloadOf(changes.aggregateId)), version: read.version + 1 })
    .where(and(eq(stripeEvents.id, read.id), eq(stripeEvents.version, read.version)));
}

/** Purges the payload at once if it is about somebody who was deleted: Stripe may tell of the last page afterwards. */
function payloadOf(aggregateId: string | SQLWrapper) {
  const people = sql`(${aggregateId}, (select client_id from testimonies where id = ${aggregateId}))`;
  const isDeleted = sql`exists (select 1 from users where id in ${people} and deleted_at is not null)`;
  return { payload: sql`case when ${isDeleted} then ${purged} else ${stripeEvents.payload} end` };
}

/** Makes an event due as if it had just arrived with this payload, whatever its state. */
export function replayEvent(db: Database, id: string, again: { payload: string; dueAt: number }): Statement {
  return db
    .update(stripeEvents)
    .set({ ...again, state: "received", attempts: 0, failure: null, version: sql`${stripeEvents.version} + 1` })
    .where(eq(stripeEvents.id, id));
}

/** Closes a dead event, with who closed it and why. Its payload is purged, because it is not needed any more. */
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

/** Empties the payloads of processed events whose time is over, at most `limit` at once. The rows stay. */
export function purgePayloads(db: Database, nowMs: number, limit: number) {
  const over = db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(and(lte(stripeEvents.dueAt, nowMs), sql`state = 'processed'`))
    .limit(limit);
  return db.update(stripeEvents).set({ payload: purged, dueAt: null }).where(sql`${stripeEvents.id} in ${over}`);
}
