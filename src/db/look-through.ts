import { type AnyColumn, and, getTableColumns, getTableName, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SelectedFields, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type CursorPage, cutPage, type Part, readAt, readingOf, type Selection } from "./cursor-page";
import type { Database } from "./database";

/** The most rows that are looked at for one page, where no index serves the filter of a list. */
export const lookedAtMax = 2_000;

/** The rows that an index gives in the order of the list, and the filter that none serves, for which they are looked through. */
export interface Looking {
  /** The columns that order the list, the last of them unique, and their values in the row of the cursor. */
  key: readonly (AnyColumn | SQL)[];
  place?: SQL | undefined;
  /** The condition that an index serves. */
  owned: SQL | undefined;
  /** The condition on the rows that it gives; undefined if there is none, and nothing has to be looked for. */
  matches: SQL | undefined;
  /** Tables of which each row has one row, or one at most, for the filter and the fields. */
  joined?: readonly Joined[] | undefined;
  /** The most rows that are looked at, if not `lookedAtMax`: for a query that is a part of several others. */
  most?: number;
}

interface Joined {
  table: SQLiteTable;
  on: SQL | undefined;
  isOptional?: boolean;
}

/** A row of the page, or behind those one of the two at the end of what was looked at. */
type LookedAt<Row> = Row & { beyond: 0 | 1 };

/** A query of rows that were looked at, to be run or to be a part of another. */
type Found<Row> = Selection<LookedAt<Row>> & SQLWrapper;

/**
 * Makes the query of a page with its filter: at most `lookedAtMax` rows are looked at, and no more of them than fill
 * the page. `fields` are the columns of each row, all of them unless said otherwise, each of a name of its own. Its rows
 * are for `cutLooked`.
 *
 * Behind the rows that match come the last one that is looked at, and the one behind it, if there is any: so the page
 * says how far it came. SQLite computes both parts as co-routines, and the second only if the first has not filled the
 * page (https://sqlite.org/optoverview.html#implementing_subqueries_using_co_routines).
 */
export function lookThrough<T extends SQLiteTable, Row = T["$inferSelect"]>(
  db: Database,
  table: T,
  page: CursorPage,
  { key, place, owned, matches, joined = [], most = lookedAtMax }: Looking,
  fields: SelectedFields = getTableColumns(table as SQLiteTable),
) {
  const { where, orderBy, limit } = readingOf(page, key, place);
  const inOrder = () =>
    db
      .select()
      .from(table as SQLiteTable)
      .where(and(owned, where))
      .orderBy(...orderBy)
      .$dynamic();
  // A part has the name of its table, so that conditions and fields of the table name its columns.
  const from = (part: ReturnType<typeof inOrder>, beyond: "0" | "1") => {
    const selected = db
      .select({ ...fields, beyond: sql.raw(beyond).as("beyond") })
      .from(part.as(getTableName(table)))
      .$dynamic();
    for (const { table: other, on, isOptional } of joined) {
      if (isOptional) selected.leftJoin(other, on);
      else selected.innerJoin(other, on);
    }
    return selected;
  };
  if (matches === undefined) return from(inOrder().limit(limit), "0") as unknown as Found<Row>;
  const behind = from(
    inOrder()
      .limit(2)
      .offset(most - 1),
    "1",
  );
  const found = from(inOrder().limit(most), "0")
    .where(matches)
    .unionAll(behind as never)
    .limit(limit + 1);
  return found as unknown as Found<Row>;
}

/** Makes a page of what `lookThrough` has found. `idOf` names a row as a cursor does. */
export function cutLooked<Row>(
  page: CursorPage,
  found: readonly LookedAt<Row>[],
  idOf: (row: Row) => string,
): Part<Row> {
  const part = cutPage<Row>(
    page,
    found.filter(({ beyond }) => beyond === 0),
  );
  const [last, next] = found.filter(({ beyond }) => beyond === 1);
  return part.hasMore || !last || !next ? part : { ...part, hasMore: true, scannedTo: idOf(last) };
}

/** Reads a page of what `lookThrough` finds, in one round trip; `named` as in `readPage`. */
export async function readLooked<Row>(
  db: Database,
  page: CursorPage,
  { named, rows }: { named: (id: string) => Selection<unknown>; rows: Found<Row> },
  idOf: (row: Row) => string,
): Promise<Part<Row> | undefined> {
  const read = await readAt(db, page, named, [rows]);
  return read && cutLooked<Row>(page, read[0], idOf);
}
