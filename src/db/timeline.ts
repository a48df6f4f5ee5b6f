import { asc, eq } from "drizzle-orm";
import type { Database } from "./database";
import { journal, outbox, postings, stripeEffects, stripeEvents } from "./schema";
import { eventFacts } from "./stripe-events";

/** Far more than any testimony has: a bound, not a page. */
const rowsMax = 1_000;

/** Everything that is written about one aggregate, each kind in its own order. One round trip. */
export async function timelineOf(db: Database, aggregateId: string) {
  const [changes, effects, events, lines, told] = await db.batch([
    db.select().from(journal).where(eq(journal.aggregateId, aggregateId)).orderBy(asc(journal.version)).limit(rowsMax),
    db
      .select()
      .from(stripeEffects)
      .where(eq(stripeEffects.aggregateId, aggregateId))
      .orderBy(asc(stripeEffects.id))
      .limit(rowsMax),
    db
      .select({ ...eventFacts, processedAt: stripeEvents.processedAt })
      .from(stripeEvents)
      .where(eq(stripeEvents.aggregateId, aggregateId))
      .orderBy(asc(stripeEvents.receivedAt))
      .limit(rowsMax),
    db
      .select()
      .from(postings)
      .where(eq(postings.aggregateId, aggregateId))
      .orderBy(asc(postings.version), asc(postings.line))
      .limit(rowsMax),
    db.select().from(outbox).where(eq(outbox.aggregateId, aggregateId)).orderBy(asc(outbox.sequence)).limit(rowsMax),
  ]);
  return { changes, effects, events, lines, told };
}

export type Timeline = Awaited<ReturnType<typeof timelineOf>>;
