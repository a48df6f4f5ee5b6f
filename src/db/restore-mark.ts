import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { markStatement } from "./mark-statement";
import { cursors } from "./schema";

/** The mark of a restore of the database to an earlier moment. */
export interface RestoreMark {
  /** The moment to which the database was restored: what was made later is known to Stripe alone. */
  restoredToMs: number;
  /** The moment of the mark: from then on everything is written down again. */
  markedAtMs: number;
  /** Tells whether the lost time is still being searched; changes wait until it is not. */
  isRecovering: boolean;
}

const name = "restored";

/** Makes the read of the mark, as text, because it travels with other reads. */
export const markQuery = `select value as restoredToMs, moved_at as markedAtMs, position is not null as isRecovering
  from cursors where name = '${name}'`;

/** Returns the mark that was read; undefined if the database was never restored. */
export function markOf([row]: readonly Record<string, unknown>[]): RestoreMark | undefined {
  if (!row) return undefined;
  const { restoredToMs, markedAtMs, isRecovering } = row;
  return {
    restoredToMs: Number(restoredToMs),
    markedAtMs: Number(markedAtMs),
    isRecovering: Number(isRecovering) === 1,
  };
}

/** Condition on a cursor: it is the mark, and the lost time is still being searched. */
export const isRecovering = and(eq(cursors.name, name), isNotNull(cursors.position));

/** Reads the mark by itself. */
export function selectMark(db: Database) {
  const { value: restoredToMs, movedAt: markedAtMs, position } = cursors;
  const isRecovering = sql<number>`${position} is not null`;
  return db.select({ restoredToMs, markedAtMs, isRecovering }).from(cursors).where(eq(cursors.name, name));
}

/** Statement: records to which moment the database was restored, and that the lost time is being searched. */
export function writeMark(db: Database, { restoredToMs, markedAtMs }: Omit<RestoreMark, "isRecovering">): Statement {
  return db.run(sql.raw(markStatement(restoredToMs, markedAtMs)));
}

/** Statement: records that the lost time was searched, so that changes go on. */
export function endRecovery(db: Database): Statement {
  return db.update(cursors).set({ position: null }).where(eq(cursors.name, name));
}
