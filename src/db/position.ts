import { eq, type SQLWrapper, sql } from "drizzle-orm";
import type { Database } from "./database";
import { journal, outbox } from "./schema";

/**
 * Statement: the version of an aggregate, given by its id or by a query of it. It is that of its last change, which
 * only the journal knows.
 */
export function lastVersion(db: Database, aggregateId: string | SQLWrapper) {
  return db
    .select({ version: sql<number>`coalesce(max(${journal.version}), 0)` })
    .from(journal)
    .where(eq(journal.aggregateId, aggregateId));
}

/** Statement: the version of an aggregate, and the number of events that it has published. */
export function lastPosition(db: Database, aggregateId: string | SQLWrapper) {
  const published = sql`select coalesce(max(${outbox.sequence}), 0) from ${outbox} where ${eq(outbox.aggregateId, aggregateId)}`;
  return db
    .select({ version: sql<number>`coalesce(max(${journal.version}), 0)`, sequence: sql<number>`(${published})` })
    .from(journal)
    .where(eq(journal.aggregateId, aggregateId));
}
