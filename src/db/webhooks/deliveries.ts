import { and, asc, between, eq, inArray, isNotNull, lte, notExists, type SQL, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, readAt } from "../cursor-page";
import type { Database, Statement } from "../database";
import { cutLooked, lookThrough } from "../look-through";
import { lastPosition } from "../position";
import { outbox, webhookAttempts, webhookDeliveries, webhookEndpoints } from "../schema";
import { selectLiveSecrets } from "../secrets";
import { wanted } from "./tables";

export type WebhookDelivery = typeof webhookDeliveries.$inferSelect;

/** The key of a delivery: its endpoint and its event. */
export interface DeliveryKey {
  endpointId: string;
  eventId: string;
}

export function isDelivery({ endpointId, eventId }: DeliveryKey): SQL | undefined {
  return and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.eventId, eventId));
}

/** Loads everything that attempts for one endpoint need, as of one moment, in one round trip. */
export async function loadDeliveries(db: Database, endpointId: string, eventIds: readonly string[], nowMs: number) {
  const isNamed = and(
    eq(webhookDeliveries.endpointId, endpointId),
    sql`${webhookDeliveries.eventId} in (select value from json_each(${JSON.stringify(eventIds)}))`,
  );
  const { aggregateId, sequence } = webhookDeliveries;
  const places = db.select({ aggregateId, sequence }).from(webhookDeliveries).where(isNamed);
  const [deliveries, [endpoint], secrets, events, [last]] = await db.batch([
    db.select().from(webhookDeliveries).where(isNamed),
    db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, endpointId)),
    selectLiveSecrets(db, { ownerId: endpointId, kind: "webhook" }, nowMs),
    db.select().from(outbox).where(sql`(${outbox.aggregateId}, ${outbox.sequence}) in ${places}`),
    lastPosition(db, endpointId),
  ]);
  return { deliveries, endpoint, secrets, events, version: last?.version ?? 0, sequence: last?.sequence ?? 0 };
}

/** Loads one delivery, its endpoint and its event. */
export async function loadDelivery(db: Database, { endpointId, eventId }: DeliveryKey, nowMs: number) {
  const { deliveries, events, secrets: _, ...rest } = await loadDeliveries(db, endpointId, [eventId], nowMs);
  return { delivery: deliveries[0], event: events[0], ...rest };
}

/** Ends a delivery without an attempt, unless it has changed since it was read. */
export function endDelivery(
  db: Database,
  read: WebhookDelivery,
  { state, dueAt, failedAt = read.failedAt }: Pick<WebhookDelivery, "state" | "dueAt"> & Partial<WebhookDelivery>,
): Statement {
  return db
    .update(webhookDeliveries)
    .set({ state, replay: false, dueAt, failedAt, version: read.version + 1 })
    .where(and(isDelivery(read), eq(webhookDeliveries.version, read.version)));
}

/** Puts off a delivery that is due and could not be attempted at all. */
export function putOffDelivery(
  db: Database,
  key: DeliveryKey,
  { nowMs, dueAt }: { nowMs: number; dueAt: number },
): Statement {
  return db
    .update(webhookDeliveries)
    .set({ dueAt })
    .where(and(isDelivery(key), lte(webhookDeliveries.dueAt, nowMs)));
}

/** Makes one delivery due as a replay, behind an attempt that may be under way. Returns none if it was deleted. */
export function replayDelivery(db: Database, key: DeliveryKey, nowMs: number) {
  return db
    .update(webhookDeliveries)
    .set({ replay: true, dueAt: nowMs, version: sql`${webhookDeliveries.version} + 1` })
    .where(isDelivery(key))
    .returning({ eventId: webhookDeliveries.eventId });
}

/**
 * Statement: the due deliveries, the longest waiting first, but in turns, so that the backlog of one endpoint never
 * delays another's.
 */
export function selectDueDeliveries(db: Database, nowMs: number, { each, all }: { each: number; all: number }) {
  const turn = sql<number>`row_number() over (partition by ${webhookDeliveries.endpointId} order by ${webhookDeliveries.dueAt})`;
  const due = db
    .select({
      endpointId: webhookDeliveries.endpointId,
      eventId: webhookDeliveries.eventId,
      turn: turn.as("turn"),
    })
    .from(webhookDeliveries)
    .where(and(lte(webhookDeliveries.dueAt, nowMs), sql.raw(wanted)))
    .as("due");
  return db
    .select({ endpointId: due.endpointId, eventId: due.eventId })
    .from(due)
    .where(lte(due.turn, each))
    .orderBy(asc(due.turn))
    .limit(all);
}

/** Deletes the attempts of the deliveries that `purgeDeliveries` deletes next. */
export function purgeAttempts(db: Database, nowMs: number, limit: number) {
  const delivery = sql`(${webhookAttempts.endpointId}, ${webhookAttempts.eventId})`;
  return db.delete(webhookAttempts).where(sql`${delivery} in ${overDeliveries(db, nowMs, limit)}`);
}

/** Deletes deliveries whose time is over, the oldest first, at most `limit` at once. */
export function purgeDeliveries(db: Database, nowMs: number, limit: number) {
  const delivery = sql`(${webhookDeliveries.endpointId}, ${webhookDeliveries.eventId})`;
  return db.delete(webhookDeliveries).where(sql`${delivery} in ${overDeliveries(db, nowMs, limit)}`);
}

function overDeliveries(db: Database, nowMs: number, limit: number) {
  const { endpointId, eventId, dueAt } = webhookDeliveries;
  return db
    .select({ endpointId, eventId })
    .from(webhookDeliveries)
    .where(and(lte(dueAt, nowMs), sql`not ${sql.raw(wanted)}`))
    .orderBy(dueAt, endpointId, eventId)
    .limit(limit);
}

/** Statement: a delivery with its owner. */
export function selectOwnedDelivery(db: Database, key: DeliveryKey) {
  return db
    .select({ delivery: webhookDeliveries, owner: webhookEndpoints.owner })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
    .where(isDelivery(key));
}

/** Statement: the event of a delivery. */
export function selectEventOf(db: Database, { aggregateId, sequence }: WebhookDelivery) {
  return db
    .select()
    .from(outbox)
    .where(and(eq(outbox.aggregateId, aggregateId), eq(outbox.sequence, sequence)));
}

/** The filters of a list of an endpoint's deliveries. */
export interface DeliveryFilter extends CreatedRange {
  state?: WebhookDelivery["state"] | undefined;
  type?: string | undefined;
}

/** Reads a page of an endpoint's deliveries, which are known by their events. */
export async function pageOfDeliveries(db: Database, endpointId: string, filter: DeliveryFilter, page: CursorPage) {
  const { eventId, createdAt } = webhookDeliveries;
  const { state, type } = filter;
  const hasFailed = sql`${webhookDeliveries.state} = 'failed'`; // as text, because a bound parameter does not match the index's condition
  const rows = lookThrough(db, webhookDeliveries, page, {
    key: [eventId],
    owned: and(
      eq(webhookDeliveries.endpointId, endpointId),
      isIdCreatedIn(eventId, createdAt, filter),
      state === "failed" ? hasFailed : undefined,
    ),
    matches: and(
      state === undefined || state === "failed" ? undefined : eq(webhookDeliveries.state, state),
      type === undefined ? undefined : eq(webhookDeliveries.type, type),
    ),
  });
  const named = (id: string) =>
    db
      .select({ eventId })
      .from(webhookDeliveries)
      .where(isDelivery({ endpointId, eventId: id }));
  const read = await readAt(db, page, named, [rows]);
  return read && cutLooked<WebhookDelivery>(page, read[0], (row) => row.eventId);
}

/** Makes a subquery for a delivery's event whose data was erased, so that it cannot be sent again. */
function erasedEventOf(db: Database) {
  const isOfDelivery = and(
    eq(outbox.aggregateId, webhookDeliveries.aggregateId),
    eq(outbox.sequence, webhookDeliveries.sequence),
  );
  return db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(isOfDelivery, isNotNull(outbox.erasedAt)));
}

/** The deliveries to recover: those that failed in a time, of one type if it is given, oldest first, of `limit` at once. */
interface Recovery {
  sinceId: string;
  untilId: string;
  type: string | undefined;
  nowMs: number;
  limit: number;
}

/** Statement: the deliveries among which those to recover are: no filter makes it look at more than `limit`. */
export function selectFailed(db: Database, endpointId: string, { sinceId, untilId, limit }: Recovery, replay = false) {
  return db
    .select({ eventId: webhookDeliveries.eventId, type: webhookDeliveries.type })
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.endpointId, endpointId),
        sql`${webhookDeliveries.state} = 'failed'`, // as text, because a bound parameter does not match the index's condition
        between(webhookDeliveries.eventId, sinceId, untilId),
        eq(webhookDeliveries.replay, replay),
        notExists(erasedEventOf(db)),
      ),
    )
    .orderBy(asc(webhookDeliveries.eventId))
    .limit(limit);
}

/** Makes failed deliveries due again, as replays. Returns them. */
export function recoverFailed(db: Database, endpointId: string, recovery: Recovery) {
  return putInLine(db, endpointId, recovery, { replay: false });
}

/**
 * Makes the same of deliveries that are due already: an attempt that is under way, and fails, is not the last. Returns
 * them.
 */
export function recoverReplayed(db: Database, endpointId: string, recovery: Recovery) {
  return putInLine(db, endpointId, recovery, { replay: true });
}

function putInLine(db: Database, endpointId: string, recovery: Recovery, { replay }: { replay: boolean }) {
  const { type, nowMs } = recovery;
  const failed = selectFailed(db, endpointId, recovery, replay).as("failed");
  const ids = db
    .select({ eventId: failed.eventId })
    .from(failed)
    .where(type === undefined ? undefined : eq(failed.type, type));
  return db
    .update(webhookDeliveries)
    .set({ replay: true, dueAt: nowMs, version: sql`${webhookDeliveries.version} + 1` })
    .where(and(eq(webhookDeliveries.endpointId, endpointId), inArray(webhookDeliveries.eventId, ids)))
    .returning({ eventId: webhookDeliveries.eventId });
}

/** Empties an event's data for good: it cannot be sent again, and the log keeps that it was sent. */
export function eraseEvent(db: Database, event: { aggregateId: string; sequence: number }, nowMs: number): Statement {
  return db
    .update(outbox)
    .set({ data: {}, erasedAt: nowMs })
    .where(and(eq(outbox.aggregateId, event.aggregateId), eq(outbox.sequence, event.sequence)));
}
