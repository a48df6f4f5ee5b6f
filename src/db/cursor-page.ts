import { type AnyColumn, and, asc, desc, eq, gt, gte, lt, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { behindIdsOf } from "../domain/id";
import type { Database, Statement } from "./database";
import { type Rows, readAll } from "./read-all";

/** A part of a list, given by one of its rows, which may have left the list since it was read, but still exists. */
export interface CursorPage {
  limit: number;
  /** The order of the list, in which a page is answered, whatever the side of its cursor. */
  order: "asc" | "desc";
  cursor?: { id: string; side: "after" | "before" } | undefined;
}

/** The rows of a page in the order of the list, and whether there are more on the far side of them from the cursor. */
export interface Part<Row> {
  rows: Row[];
  hasMore: boolean;
  /** The row up to which was looked, if that ended before the page was full. */
  scannedTo?: string;
}

/**
 * Returns the condition, the order and the limit by which a page is read. The limit has one row more than the page,
 * which shows whether there are others behind it.
 *
 * `columns` order the list, and the last of them is unique, so that rows which come and go move no other from one page
 * to the next. If they are not just the id, `place` selects the values that they have in the row of the cursor.
 */
export function readingOf({ limit, order, cursor }: CursorPage, columns: readonly (AnyColumn | SQL)[], place?: SQL) {
  const isAscending = isReadAscending({ order, cursor });
  const key = sql`(${sql.join([...columns], sql`, `)})`;
  return {
    where: cursor && sql`${key} ${sql.raw(isAscending ? ">" : "<")} ${place ?? cursor.id}`,
    orderBy: columns.map((column) => (isAscending ? asc(column) : desc(column))),
    limit: limit + 1,
  };
}

function isReadAscending({ order, cursor }: Pick<CursorPage, "order" | "cursor">): boolean {
  return (order === "asc") !== (cursor?.side === "before");
}

/** Makes a page of the rows that were read for it. */
export function cutPage<Row>({ limit, cursor }: CursorPage, read: readonly Row[]): Part<Row> {
  const rows = read.slice(0, limit);
  return { rows: cursor?.side === "before" ? rows.reverse() : rows, hasMore: read.length > limit };
}

/** A statement that selects rows. */
export type Selection<Row> = Statement & { _: { result: Row[] } };

/**
 * Runs the reads of a page in one round trip. Returns undefined if `named`, which selects the row of the cursor if it is
 * the reader's, finds none.
 */
export async function readAt<const L extends readonly Statement[]>(
  db: Database,
  { cursor }: CursorPage,
  named: (id: string) => Selection<unknown>,
  reads: L,
): Promise<Rows<L> | undefined> {
  if (!cursor) return readAll(db, reads);
  const [found, ...read] = await readAll(db, [named(cursor.id), ...reads]);
  return (found as unknown[]).length > 0 ? (read as unknown as Rows<L>) : undefined;
}

/** Reads a page in the same way: `rows` selects as `readingOf` says. */
export async function readPage<Row>(
  db: Database,
  page: CursorPage,
  { named, rows }: { named: (id: string) => Selection<unknown>; rows: Selection<Row> },
): Promise<Part<Row> | undefined> {
  const read = await readAt(db, page, named, [rows]);
  return read && cutPage<Row>(page, read[0]);
}

/**
 * Reads a page of a table that is listed by its ids, in one round trip: `owned` is the condition of what its reader may
 * name, `matches` that of what is listed of it. Returns undefined if the cursor names nothing that is owned.
 */
export function pageById<T extends SQLiteTable & { id: SQLiteColumn }>(
  db: Database,
  table: T,
  { owned, matches }: { owned?: SQL | undefined; matches?: SQL | undefined },
  page: CursorPage,
): Promise<Part<T["$inferSelect"]> | undefined> {
  const { where, orderBy, limit } = readingOf(page, [table.id]);
  const rows = db
    .select()
    .from(table as SQLiteTable)
    .where(and(owned, where, matches))
    .orderBy(...orderBy)
    .limit(limit);
  return readPage(db, page, {
    named: (id) =>
      db
        .select({ id: table.id })
        .from(table as SQLiteTable)
        .where(and(owned, eq(table.id, id))),
    rows: rows as unknown as Selection<T["$inferSelect"]>,
  });
}

/** The time in which the rows of a list were made; the first moment is inside, the last one outside. */
export interface CreatedRange {
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
}

/** Returns the condition on the time at which a row was made. */
export function isCreatedIn(createdAt: AnyColumn, { createdAfterMs, createdBeforeMs }: CreatedRange): SQL | undefined {
  return and(
    createdAfterMs === undefined ? undefined : gte(createdAt, createdAfterMs),
    createdBeforeMs === undefined ? undefined : lt(createdAt, createdBeforeMs),
  );
}

/** Tolerance: the id of a row may have been made up to a minute before the row, or behind it. */
const apartMs = 60_000;

/**
 * Returns the same condition for a list that is ordered by its ids, which begin with the time: an index on them then
 * reads only the rows of this time.
 */
export function isIdCreatedIn(id: AnyColumn, createdAt: AnyColumn, range: CreatedRange): SQL | undefined {
  const { createdAfterMs: after, createdBeforeMs: before } = range;
  return and(
    after === undefined ? undefined : gt(id, behindIdsOf(after - apartMs)),
    before === undefined ? undefined : lt(id, behindIdsOf(before + apartMs)),
    isCreatedIn(createdAt, range),
  );
}
