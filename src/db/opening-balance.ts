import { and, eq } from "drizzle-orm";
import { makeId } from "../domain/id";
import type { Database } from "./database";
import { journal } from "./schema";

/** The aggregate of the books as a whole: a fixed id, older than any other. */
export const booksAggregate = makeId(0, 0, new Uint8Array(9));

export const openingChange = "open-books";

/** The change that opened the books, where an operator has. */
export function selectOpening(db: Database) {
  return db
    .select({ data: journal.data })
    .from(journal)
    .where(and(eq(journal.aggregateId, booksAggregate), eq(journal.name, openingChange)));
}

/** What Stripe dates before this moment is in the opening balance; undefined where there is none. */
export function openedAtMs(rows: readonly { data: Record<string, unknown> }[]): number | undefined {
  const before = rows[0]?.data.beforeMs;
  return typeof before === "number" ? before : undefined;
}
