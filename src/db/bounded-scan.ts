import { type AnyColumn, and, getTableName, type SQL, sql } from "drizzle-orm";
import type { SelectedFields, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type CursorPage, cutPage, type Part, readingOf, readPage } from "./cursor-page";
import type { Database, Statement } from "./database";

/**
 * The most rows of a list that one page looks at, if no index serves its filter. They are counted a second time to find
 * the last of them, so that a page reads at most two thousand, and what is joined to them.
 */
export const scannedMax = 1_000;

/** A page that may have ended before it was full. */
export interface Scanned<Row> extends Part<Row> {
  /** The last row that was looked at, if that was not the last one of the list: there may be more behind it. */
  reached?: Row | undefined;
}

/** What a list has, in its order, by an index; and which of it a page wants. */
interface Wanted {
  table: SQLiteTable;
  /** The condition of the list, which an index serves. */
  listed: SQL | undefined;
  /** The condition of the filter, for which each row is looked at; undefined if every row is wanted. */
  matches: SQL | undefined;
  /** The columns that order the list, as `readingOf` takes them, and its `place`. */
  columns: readonly (AnyColumn | SQL)[];
  place?: SQL | undefined;
  /** Tables of which each row has one row, or one at most, for the filter or the fields. */
  joined?: readonly Joined[] | undefined;
  /** What is selected: every name once, because a batch returns columns of the same name as one. */
  fields: SelectedFields;
  /** How many rows may be looked at, if not `scannedMax`. */
  most?: number | undefined;
}

interface Joined {
  table: SQLiteTable;
  on: SQL | undefined;
  isOptional?: boolean;
}

type Selection<Row> = Statement & { _: { result: Row[] } };

/**
 * Reads a page in one round trip, and looks at no more rows than it must: it stops when the page is full, or after
 * `scannedMax` rows, and then says how far it came. Returns undefined if the cursor names no row of the reader's.
 */
export async function scanPage<Row>(
  db: Database,
  page: CursorPage,
  wanted: Wanted,
  named: (id: string) => Selection<unknown>,
): Promise<Scanned<Row> | undefined> {
  // Two rows more than a page: behind a page that is not full come the last row that was looked at, and the one after.
  const room = { ...page, limit: page.limit + 2 };
  const rows = selectionOf(db, page, wanted) as unknown as Selection<Row & { beyond: number }>;
  const part = await readPage<Row & { beyond: number }>(db, room, { named, rows });
  if (!part) return undefined;
  const read = page.cursor?.side === "before" ? part.rows.toReversed() : part.rows;
  const found = cutPage(
    page,
    read.filter(({ beyond }) => beyond === 0),
  );
  const [last, next] = read.filter(({ beyond }) => beyond === 1);
  return next && !found.hasMore ? { ...found, hasMore: true, reached: last } : found;
}

/**
 * Makes the statement: the rows that match among the first ones, and behind them the two at the end of what is looked
 * at. SQLite computes neither part further than its limit: both are co-routines, and the second begins when the first
 * has ended (https://sqlite.org/optoverview.html#implementing_subqueries_using_co_routines).
 */
function selectionOf(db: Database, page: CursorPage, { most = scannedMax, ...wanted }: Wanted) {
  const { table, listed, matches, joined = [], columns, place, fields } = wanted;
  const { where, orderBy, limit } = readingOf(page, columns, place);
  const inOrder = () =>
    db
      .select()
      .from(table)
      .where(and(listed, where))
      .orderBy(...orderBy)
      .$dynamic();
  // The part has the name of its table, so that conditions and fields of the table name its columns.
  const from = (part: ReturnType<typeof inOrder>, beyond: 0 | 1) => {
    const selected = db
      .select({ ...fields, beyond: sql.raw(String(beyond)).as("beyond") })
      .from(part.as(getTableName(table)))
      .$dynamic();
    for (const { table: other, on, isOptional } of joined) {
      if (isOptional) selected.leftJoin(other, on);
      else selected.innerJoin(other, on);
    }
    return selected;
  };
  if (matches === undefined) return from(inOrder().limit(limit), 0);
  const behind = from(
    inOrder()
      .limit(2)
      .offset(most - 1),
    1,
  );
  return from(inOrder().limit(most), 0)
    .where(matches)
    .unionAll(behind as never)
    .limit(limit + 1);
}
