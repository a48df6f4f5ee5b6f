import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

/** D1 through Drizzle. Every access goes through `batch()`, one round trip each, so that the meter sees all of them. */
export type Database = DrizzleD1Database;

/** A statement that a batch can contain. */
export type Statement = BatchItem<"sqlite">;

/** A statement as text and values: it can travel to an object. */
export interface PlainStatement {
  sql: string;
  params: readonly unknown[];
}

/** Sends a batch, of which all is done or nothing, and returns the result of each statement. */
export type Send = (batch: readonly PlainStatement[]) => Promise<D1Result[]>;

/** The cost of an invocation at the database so far. */
export interface DatabaseCost {
  roundTrips: number;
  /** Round trips that have written a row. */
  writes: number;
  queries: number;
  rowsRead: number;
  rowsWritten: number;
}

/** A read that travels with the first batch of an invocation: it costs no round trip of its own. */
export interface Passenger {
  query: string;
  /** Called with what was read; until then, every batch carries the read. */
  take: (rows: Record<string, unknown>[]) => void;
}

/**
 * Opens the database and adds the cost of its batches to `cost`. Only batches are allowed: anything else throws, so
 * that nothing escapes the count. `send` may take batches another way than straight to the binding.
 */
export function openDatabase(
  binding: D1Database,
  cost: DatabaseCost,
  passenger?: Passenger,
  send = sendTo(binding),
): Database {
  let waiting = passenger;
  const metered = {
    prepare: (sql: string) => ({ bind: (...params: unknown[]): PlainStatement => ({ sql, params }) }),
    async batch(statements: readonly PlainStatement[]) {
      const rider = waiting;
      cost.roundTrips += 1;
      const sent = rider ? [...statements, { sql: rider.query, params: [] }] : statements;
      cost.queries += sent.length;
      const results = await send(sent);
      if (results.some(({ meta }) => meta.rows_written > 0)) cost.writes += 1;
      for (const { meta } of results) {
        cost.rowsRead += meta.rows_read;
        cost.rowsWritten += meta.rows_written;
      }
      if (!rider) return results;
      waiting = undefined;
      rider.take(results.at(-1)?.results as Record<string, unknown>[]);
      return results.slice(0, -1);
    },
  };
  return drizzle(metered as unknown as D1Database);
}

/** Sends batches to a database by themselves. */
export function sendTo(binding: D1Database): Send {
  return (batch) => binding.batch(batch.map(({ sql, params }) => binding.prepare(sql).bind(...params)));
}

/** Sends several writes in one batch; an empty list costs nothing. */
export async function write(db: Database, statements: readonly Statement[]): Promise<void> {
  const [first, ...rest] = statements;
  if (first) await db.batch([first, ...rest]);
}
