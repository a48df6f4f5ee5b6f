import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

/** D1 through Drizzle. Every access goes through `batch()`, one round trip each, so that the meter sees all of them. */
export type Database = DrizzleD1Database;

/** A statement that a batch can carry. */
export type Statement = BatchItem<"sqlite">;

/** What an invocation has cost so far at the database. */
export interface DatabaseCost {
  roundTrips: number;
  queries: number;
  rowsRead: number;
  rowsWritten: number;
}

/** Opens the database and counts into `cost` whatever passes. Only batches are open: anything else throws, so that nothing escapes the count. */
export function openDatabase(binding: D1Database, cost: DatabaseCost): Database {
  const metered = {
    prepare: (query: string) => binding.prepare(query),
    async batch(statements: D1PreparedStatement[]) {
      cost.roundTrips += 1;
      cost.queries += statements.length;
      const results = await binding.batch(statements);
      for (const { meta } of results) {
        cost.rowsRead += meta.rows_read;
        cost.rowsWritten += meta.rows_written;
      }
      return results;
    },
  };
  return drizzle(metered as unknown as D1Database);
}

/** Sends several writes in one batch; an empty list costs nothing. */
export async function write(db: Database, statements: readonly Statement[]): Promise<void> {
  const [first, ...rest] = statements;
  if (first) await db.batch([first, ...rest]);
}
