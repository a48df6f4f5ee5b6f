import { and, asc, desc, eq, gte, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { AttentionKind, AttentionSubject } from "../domain/attention";
import type { Database, Statement } from "./database";
import { attention, stripeEffects, stripeEvents } from "./schema";
import { eventFacts } from "./stripe-events";

export type Attention = typeof attention.$inferSelect;

const rowsMax = 100;

/** So many attempts mean that time alone does not heal it: about half an hour of retries. */
const attemptsMany = 5;

/** Says that a person must look. A reason that stands already keeps its first moment, and nothing is written. */
export function raiseAttention(
  db: Database,
  reason: {
    aggregateId: string;
    id: string;
    kind: AttentionKind;
    aboutKind: AttentionSubject;
    aboutId: string;
    since: number;
    amountMinor?: number;
    currency?: string;
    note?: string;
  },
): Statement {
  return db.insert(attention).values(reason).onConflictDoNothing();
}

/** Ends the standing reasons of these kinds, about one thing or about all. `by` says who or what has ended them. */
export function clearAttention(
  db: Database,
  how: {
    aggregateId: string;
    kinds: readonly AttentionKind[];
    aboutId?: string;
    atMs: number;
    by: string;
    note?: string;
  },
): Statement {
  return db
    .update(attention)
    .set({ clearedAt: how.atMs, clearedBy: how.by, clearedNote: how.note ?? null })
    .where(
      and(
        eq(attention.aggregateId, how.aggregateId),
        inArray(attention.kind, [...how.kinds]),
        ...(how.aboutId === undefined ? [] : [eq(attention.aboutId, how.aboutId)]),
        isNull(attention.clearedAt),
      ),
    );
}

/** The standing reasons of one aggregate. */
export function selectAttention(db: Database, aggregateId: string) {
  return db
    .select()
    .from(attention)
    .where(and(eq(attention.aggregateId, aggregateId), isNull(attention.clearedAt)));
}

/** Everything that waits for an operator: reasons, the longest standing first; calls and events. One round trip. */
export async function attentionNeeded(db: Database) {
  const [reasons, stuck, dead] = await db.batch([
    db.select().from(attention).where(isNull(attention.clearedAt)).orderBy(asc(attention.since)).limit(rowsMax),
    db
      .select({
        aggregateId: stripeEffects.aggregateId,
        id: stripeEffects.id,
        kind: stripeEffects.kind,
        subjectId: stripeEffects.subjectId,
        attempts: stripeEffects.attempts,
        failure: stripeEffects.failure,
        dueAt: stripeEffects.dueAt,
        createdAt: stripeEffects.createdAt,
      })
      .from(stripeEffects)
      .where(and(isNotNull(stripeEffects.dueAt), gte(stripeEffects.attempts, attemptsMany)))
      .limit(rowsMax),
    deadEvents(db),
  ]);
  return { reasons, stuck, dead };
}

/** Events that were given up, newest first. One round trip. */
export async function listDeadEvents(db: Database) {
  const [found] = await db.batch([deadEvents(db)]);
  return found;
}

function deadEvents(db: Database) {
  return db
    .select(eventFacts)
    .from(stripeEvents)
    .where(sql`state = 'dead'`) // spelled like the index's own condition, which a parameter does not fit
    .orderBy(desc(stripeEvents.receivedAt))
    .limit(rowsMax);
}
