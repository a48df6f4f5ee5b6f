import { inArray, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { markStatement } from "./mark-statement";
import { cursors } from "./schema";

/** That the database was put back to an earlier moment. */
export interface RestoreMark {
  /** The moment at which the database stands: what was made later is known to Stripe alone. */
  restoredToMs: number;
  /** When that was marked: from then on everything is written down again. */
  markedAtMs: number;
  /** Whether the lost time is still being searched: changes wait until it is not. */
  isRecovering: boolean;
}

const names = { restoredTo: "restored-to", markedAt: "restored-at", recovering: "recovering" } as const;

const listed = Object.values(names)
  .map((name) => `'${name}'`)
  .join(", ");

/** Reads the mark. As text, because it travels with other reads. */
export const markQuery = `select name, value from cursors where name in (${listed})`;

/** The mark that was read; undefined where the database was never put back. */
export function markOf(rows: readonly { name: string; value: number }[]): RestoreMark | undefined {
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  const [restoredToMs, markedAtMs] = [values.get(names.restoredTo), values.get(names.markedAt)];
  if (restoredToMs === undefined || markedAtMs === undefined) return undefined;
  return { restoredToMs, markedAtMs, isRecovering: values.has(names.recovering) };
}

/** Reads the mark by itself. */
export function selectMark(db: Database) {
  return db
    .select({ name: cursors.name, value: cursors.value })
    .from(cursors)
    .where(inArray(cursors.name, Object.values(names)));
}

/** Says to which moment the database was put back, and that the lost time is being searched from now on. */
export function writeMark(db: Database, { restoredToMs, markedAtMs }: Omit<RestoreMark, "isRecovering">): Statement {
  return db.run(sql.raw(markStatement(restoredToMs, markedAtMs, Date.now())));
}

/** Says that the lost time was searched: changes go on. */
export function endRecovery(db: Database): Statement {
  return db.delete(cursors).where(inArray(cursors.name, [names.recovering]));
}
