import { type AnyColumn, and, getTableColumns, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { type CursorPage, cutPage, type Part, readingOf, type Selection } from "./cursor-page";
import type { Database } from "./database";

/** The most rows that are looked at for one page, where no index serves the filter of a list. */
export const lookedAtMax = 2_000;

/** What is looked through: the rows that an index gives in the order of the list, and the filter that none serves. */
export interface Looking {
  /** The columns that order the list, the last of them unique, and their values in the row of the cursor. */
  key: readonly AnyColumn[];
  place?: SQL | undefined;
  /** The condition that an index serves. */
  owned: SQL | undefined;
  /** The condition on the rows that it gives; undefined if there is none, and nothing has to be looked for. */
  matches: SQL | undefined;
}

/** A row that was looked at: its place, from 1, and whether it matches. */
type LookedAt<Row> = Row & { looked: number; matched: number };

/** A query of rows that were looked at, to be run or to be a part of another. */
type Found<Row> = Selection<LookedAt<Row>> & SQLWrapper;

/**
 * Makes the query of a page with its filter: at most `lookedAtMax` rows are looked at, and no more of them than fill
 * the page. `fields` are the columns of each row, all of them unless said otherwise. Its rows are for `cutLooked`.
 */
export function lookThrough<T extends SQLiteTable, Row = T["$inferSelect"]>(
  db: Database,
  table: T,
  page: CursorPage,
  { key, place, owned, matches }: Looking,
  fields: Record<string, AnyColumn | SQL.Aliased> = getTableColumns(table as SQLiteTable),
) {
  const { where, orderBy, limit } = readingOf(page, key, place);
  const select = (looked: SQL, matched: SQL) =>
    db
      .select({ ...(fields as object), looked: looked.as("looked"), matched: matched.as("matched") })
      .from(table as SQLiteTable)
      .where(and(owned, where))
      .orderBy(...orderBy);
  if (matches === undefined) return select(sql`0`, sql`1`).limit(limit) as unknown as Found<Row>;
  const number = sql`row_number() over (order by ${sql.join(orderBy, sql`, `)})`;
  const rows = select(number, matches).limit(lookedAtMax).as("looked_through");
  const isLast = sql`${rows.looked} = ${lookedAtMax}`; // says how far it came
  const found = db
    .select()
    .from(rows)
    .where(or(sql`${rows.matched}`, isLast))
    .limit(limit + 1);
  return found as unknown as Found<Row>;
}

/** Makes a page of what `lookThrough` has found. `idOf` names a row as a cursor does. */
export function cutLooked<Row>(
  page: CursorPage,
  found: readonly LookedAt<Row>[],
  idOf: (row: Row) => string,
): Part<Row> {
  const matching = found.filter(({ matched }) => matched === 1);
  const last = found.find(({ looked }) => looked === lookedAtMax);
  const part = cutPage<Row>(page, matching);
  return part.hasMore || !last ? part : { ...part, hasMore: true, scannedTo: idOf(last) };
}
