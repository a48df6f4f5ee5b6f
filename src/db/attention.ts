import { and, eq, inArray, isNull, type SQLWrapper, sql } from "drizzle-orm";
import type { AttentionKind, AttentionSubject, WaitingKind } from "../domain/attention";
import { operatorAudience } from "../domain/webhooks/event";
import type { Database, Statement } from "./database";
import type { Waiting } from "./operator/waiting";
import { lastPosition } from "./position";
import { attention, journal } from "./schema";

export type Attention = typeof attention.$inferSelect;

/**
 * Makes the row that says why a person must look. If the reason is open already, its first moment stays and nothing is
 * written.
 */
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
    dueBy?: number | null;
  },
): Statement {
  return db.insert(attention).values(reason).onConflictDoNothing();
}

/** Closes the open reasons of these kinds, about one object or about all. `by` names who or what closes them. */
export function clearAttention(
  db: Database,
  how: {
    aggregateId: string;
    kinds: readonly WaitingKind[];
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

/** Closes the reasons of a kind on all aggregates, because their cause concerned the whole platform. */
export function clearEverywhere(
  db: Database,
  kind: AttentionKind,
  { atMs, by }: { atMs: number; by: string },
): Statement {
  return db
    .update(attention)
    .set({ clearedAt: atMs, clearedBy: by })
    .where(and(eq(attention.kind, kind), isNull(attention.clearedAt)));
}

/**
 * Closes the open reasons of a developer's accounts that are gone, once another account is opened with their e-mail.
 */
export function clearReplacedAccounts(
  db: Database,
  { developerId, email }: { developerId: string; email: string },
  how: { atMs: number; by: string },
): Statement {
  const isReplaced = sql`exists (select 1 from connected_accounts a where a.id = ${attention.aggregateId}
    and a.developer_id = ${developerId} and a.email = ${email} and a.state = 'gone')`;
  return db
    .update(attention)
    .set({ clearedAt: how.atMs, clearedBy: how.by })
    .where(and(isNull(attention.clearedAt), sql`${attention.kind} = 'account_gone'`, isReplaced));
}

/** Statement: the open reasons of one aggregate. */
export function selectAttention(db: Database, aggregateId: string | SQLWrapper) {
  return db
    .select()
    .from(attention)
    .where(and(eq(attention.aggregateId, aggregateId), isNull(attention.clearedAt)));
}

/** Loads an aggregate of any contract: its position, its owner, and the open reasons to look at it. One round trip. */
export async function loadConcerned(db: Database, aggregateId: string) {
  const [standing, [first], [last]] = await db.batch([
    selectAttention(db, aggregateId),
    db
      .select({ tenant: journal.tenant })
      .from(journal)
      .where(and(eq(journal.aggregateId, aggregateId), eq(journal.version, 1))),
    lastPosition(db, aggregateId),
  ]);
  const position = { aggregateId, version: last?.version ?? 0, sequence: last?.sequence ?? 0 };
  return { ...position, tenant: first?.tenant ?? operatorAudience, standing };
}

/**
 * Records until when a person has seen an item that has no row of its own: it does not wait any more until it happens
 * again.
 */
export function insertSeen(
  db: Database,
  { kind, aggregateId, about, since }: Pick<Waiting, "kind" | "aggregateId" | "about" | "since">,
  { id, atMs, by, note }: { id: string; atMs: number; by: string; note: string },
): Statement {
  const row = { aggregateId, id, kind, aboutKind: about.kind, aboutId: about.id, since };
  return db.insert(attention).values({ ...row, clearedAt: atMs, clearedBy: by, clearedNote: note });
}
