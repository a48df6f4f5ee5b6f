import { eq, sql } from "drizzle-orm";
import type { Database } from "./database";
import { journal, outbox } from "./schema";

/** The version of an aggregate: that of its last change. The journal is the only place that knows it. */
export function lastVersion(db: Database, aggregateId: string) {
  return db
    .select({ version: sql<number>`coalesce(max(${journal.version}), 0)` })
    .from(journal)
    .where(eq(journal.aggregateId, aggregateId));
}

/** How many events an aggregate has told. */
export function lastSequence(db: Database, aggregateId: string) {
  return db
    .select({ sequence: sql<number>`coalesce(max(${outbox.sequence}), 0)` })
    .from(outbox)
    .where(eq(outbox.aggregateId, aggregateId));
}
