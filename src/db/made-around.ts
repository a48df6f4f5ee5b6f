import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

/** A commit comes so much later than the moment that its rows name, and clocks differ. */
const slackMs = 60_000;

/**
 * The rows of a table that were made around a moment. A table that only grows lies in the order of its making, so that its
 * rows are halved until the moment is found: what an operator alone asks for costs no index, and no row of one for every row
 * that is written. `untilMs`: where the span ends, else a minute after the moment.
 */
export function madeAround(table: SQLiteTable, madeAt: SQLiteColumn, atMs: number, untilMs = atMs + slackMs): SQL {
  const rowid = sql.raw("rowid");
  return sql`${table}.${rowid} >= ${firstSince(table, madeAt, atMs - slackMs)}
    and ${table}.${rowid} < ${firstSince(table, madeAt, untilMs)}`;
}

/** The number of the first row that was made at a moment or later; one more than the last one's, where there is none. */
function firstSince(table: SQLiteTable, madeAt: SQLiteColumn, atMs: number): SQL {
  const column = sql.raw(madeAt.name);
  const rowid = sql.raw("rowid");
  const middle = sql.raw("(low + high) / 2");
  const isBefore = sql`(select ${column} from ${table} where ${rowid} >= ${middle} order by ${rowid} limit 1) < ${atMs}`;
  return sql`(with recursive span (low, high) as (
    select 1, coalesce(max(${rowid}), 0) + 1 from ${table}
    union all
    select iif(${isBefore}, ${middle} + 1, low), iif(${isBefore}, high, ${middle}) from span where low < high
  ) select low from span where low = high)`;
}
