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

/** Statement: the number of events that an aggregate has published. */
export function lastSequence(db: Database, aggregateId: string | SQLWrapper) {
  return db
    .select({ sequence: sql<number>`coalesce(max(${outbox.sequence}), 0)` })
    .from(outbox)
    .where(eq(outbox.aggregateId, aggregateId));
}
