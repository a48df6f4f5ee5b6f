import { and, eq, sql } from "drizzle-orm";
import { isPassing } from "../domain/interruption";
import { assertBalanced, type PostingLine } from "../domain/ledger";
import { type EventDeliveryJob, handOnMs } from "../domain/webhooks/delivery-job";
import { compiled } from "./compiled";
import type { Database, Statement } from "./database";
import { type KeyReservation, storable, takeKey } from "./idempotency";
import { inserting } from "./inserting";
import { idempotencyKeys, journal, outbox, postings } from "./schema";
import { violatedConstraint } from "./violated-constraint";
import type { DeliveryKey } from "./webhooks/deliveries";
import { type Audience, fanOut, insertIfHeard } from "./webhooks/fan-out";

/** One change of one aggregate: its name, its effect on rows and money, and its events. */
export interface Change {
  aggregateId: string;
  /** The version that this change makes: the one that it was decided on, plus one. */
  version: number;
  changeId: string;
  tenant: string;
  name: string;
  actor: string;
  atMs: number;
  requestId: string;
  /** Facts of the change for the timeline, without secrets. */
  data?: Record<string, unknown>;
  rows: readonly Statement[];
  postings?: readonly PostingLine[];
  /** The owners whose endpoints receive the events. */
  audience: Audience;
  /** `sequence` is the first event's; the others follow. */
  events?: { sequence: number; list: readonly OutboxEvent[] };
  /** The idempotency key that this change takes or settles, with the result to replay if it settles it. */
  settles?: { reservation: KeyReservation; result?: unknown };
}

export interface OutboxEvent {
  id: string;
  type: string;
  data: Record<string, unknown>;
  /** The only endpoint that receives the event, if it is about that endpoint. */
  onlyTo?: string;
  /**
   * Without a listener the event is not written, and the next change uses its sequence number: so it must be the last
   * event of its change.
   */
  onlyIfHeard?: boolean;
}

/**
 * `jobs` are the delivery jobs of the change, to be enqueued after it. `conflict` names the constraint that another
 * write violated: nothing of this change was written.
 */
export type Committed = { ok: true; jobs: readonly EventDeliveryJob[] } | { ok: false; conflict: string };

/**
 * Commits a change. This is the only write path: journal, rows, postings, outbox and idempotency result in one batch.
 * The journal's key (aggregate, version) makes a lost race fail as a whole. A write that reports an error may have been
 * committed: the journal is asked, by the change's own id, before the error is believed. If D1 was restarted or out of
 * reach and nothing was written, the batch is sent once more: should the first one arrive after all, the journal's key
 * lets only one of them in.
 */
export async function commit(db: Database, change: Change, isRepeat = false): Promise<Committed> {
  assertBalanced(change.postings ?? []);
  try {
    // The guard comes first, so that a lost race does not even touch the other rows.
    const published = deliveryRows(db, change);
    const results = await db.batch([
      ...insertJournal(db, { ...change, data: change.data ?? {} }),
      ...change.rows,
      ...postingRows(db, change),
      ...eventRows(db, change),
      ...keyRows(db, change),
      ...published,
    ]);
    const made = results.slice(results.length - published.length) as DeliveryKey[][];
    return { ok: true, jobs: made.flat().map((key) => ({ kind: "event", ...key })) };
  } catch (error) {
    const conflict = violatedConstraint(error);
    if (conflict === undefined || conflict.startsWith("journal.")) {
      if (await isWritten(db, change)) return { ok: true, jobs: [] };
    }
    if (conflict !== undefined) return { ok: false, conflict };
    if (isRepeat || !isPassing(error)) throw error;
    return commit(db, change, true);
  }
}

const insertJournal = compiled((db, change: Change & { data: Record<string, unknown> }) => [
  db.insert(journal).values({
    aggregateId: change.aggregateId,
    version: change.version,
    changeId: change.changeId,
    tenant: change.tenant,
    name: change.name,
    actor: change.actor,
    at: change.atMs,
    requestId: change.requestId,
    data: change.data,
  }),
]);

function postingRows(db: Database, change: Change): Statement[] {
  const lines = (change.postings ?? []).map((line, position) => ({
    aggregateId: change.aggregateId,
    version: change.version,
    line: position,
    tenant: change.tenant,
    at: change.atMs,
    ...line,
  }));
  return inChunks(lines, 10).map((chunk) => insertPostings(db, chunk)); // 9 columns × 10 rows < 100 parameters
}

const insertPostings = inserting(postings);
const insertEvents = inserting(outbox);

function eventRows(db: Database, change: Change): Statement[] {
  const { sequence = 0, list = [] } = change.events ?? {};
  const rowOf = (event: OutboxEvent, position: number) => ({
    aggregateId: change.aggregateId,
    sequence: sequence + position,
    version: change.version,
    tenant: change.tenant,
    at: change.atMs,
    id: event.id,
    type: event.type,
    data: event.data,
  });
  const rows = list.map((event, position) => ({ ...event, row: rowOf(event, position) }));
  const always = rows.flatMap(({ onlyIfHeard, row }) => (onlyIfHeard ? [] : [row]));
  const ifHeard = rows.flatMap(({ onlyIfHeard, row }) => (onlyIfHeard ? [row] : []));
  return [
    ...inChunks(always, 10).map((chunk) => insertEvents(db, chunk)),
    ...ifHeard.map((row) => insertIfHeard(db, row, change.audience)),
  ];
}

function deliveryRows(db: Database, change: Change): Statement[] {
  const { aggregateId, audience, atMs, events } = change;
  return (events?.list ?? []).map(({ id, type, onlyTo }, position) => {
    const sequence = (events?.sequence ?? 0) + position;
    return fanOut(db, { id, aggregateId, sequence, type, audience, atMs, dueAtMs: atMs + handOnMs, onlyTo });
  });
}

function keyRows(db: Database, change: Change): Statement[] {
  if (!change.settles) return [];
  const { reservation, result } = change.settles;
  if (reservation.unreserved) return takeKey(db, reservation, reservation.unreserved, result);
  return result === undefined ? [] : [settleKey(db, reservation, result)];
}

/** Stores the result under the reserved key. Fails by constraint if another request has taken the key over. */
export function settleKey(db: Database, reservation: KeyReservation, result: unknown): Statement {
  return db
    .update(idempotencyKeys)
    .set({ doneBy: reservation.reservationId, result: storable(result) })
    .where(
      and(
        eq(idempotencyKeys.caller, reservation.caller),
        eq(idempotencyKeys.operation, reservation.operation),
        eq(idempotencyKeys.key, reservation.key),
      ),
    );
}

async function isWritten(db: Database, change: Change): Promise<boolean> {
  const [found] = await db.batch([
    db
      .select({ one: sql<number>`1` })
      .from(journal)
      .where(
        and(
          eq(journal.aggregateId, change.aggregateId),
          eq(journal.version, change.version),
          eq(journal.changeId, change.changeId),
        ),
      ),
  ]);
  return found.length === 1;
}

function inChunks<T>(list: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}
