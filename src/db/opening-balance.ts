import { and, eq, sql } from "drizzle-orm";
import { makeId } from "../domain/id";
import type { Database } from "./database";
import { journal } from "./schema";

/** The aggregate of the books as a whole: a fixed id, older than any other. */
export const booksAggregate = makeId(0, 0, new Uint8Array(9));

export const openingChange = "open-books";

/** Statement: the change that opened the books, if an operator has made it. */
export function selectOpening(db: Database) {
  return db
    .select({ data: journal.data })
    .from(journal)
    .where(and(eq(journal.aggregateId, booksAggregate), eq(journal.name, openingChange)));
}

/** The condition that nobody has opened the books: a run that began before must not move what the opening has set. */
export const unopened = sql`not exists (select 1 from ${journal} where ${journal.aggregateId} = ${booksAggregate})`;

/**
 * Returns the moment before which everything that Stripe dates is in the opening balance; undefined if there is none.
 */
export function openedAtMs(rows: readonly { data: Record<string, unknown> }[]): number | undefined {
  const before = rows[0]?.data.beforeMs;
  return typeof before === "number" ? before : undefined;
}
