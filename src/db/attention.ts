import { and, desc, eq, gte, isNotNull } from "drizzle-orm";
import type { Database } from "./database";
import { stripeEffects, stripeEvents, testimonies } from "./schema";
import { eventFacts } from "./stripe-events";

const rowsMax = 100;

/** So many attempts mean that time alone does not heal it: about half an hour of retries. */
const attemptsMany = 5;

/** What an operator must look at, newest first. One round trip. */
export async function attentionNeeded(db: Database) {
  const [flagged, stuck, dead] = await db.batch([
    db
      .select({ id: testimonies.id, state: testimonies.state, needsAttention: testimonies.needsAttention })
      .from(testimonies)
      .where(isNotNull(testimonies.needsAttention))
      .orderBy(desc(testimonies.id))
      .limit(rowsMax),
    db
      .select({
        aggregateId: stripeEffects.aggregateId,
        id: stripeEffects.id,
        kind: stripeEffects.kind,
        subjectId: stripeEffects.subjectId,
        attempts: stripeEffects.attempts,
        failure: stripeEffects.failure,
        dueAt: stripeEffects.dueAt,
        createdAt: stripeEffects.createdAt,
      })
      .from(stripeEffects)
      .where(and(isNotNull(stripeEffects.dueAt), gte(stripeEffects.attempts, attemptsMany)))
      .limit(rowsMax),
    deadEvents(db),
  ]);
  return { flagged, stuck, dead };
}

/** Events that were given up, newest first. One round trip. */
export async function listDeadEvents(db: Database) {
  const [found] = await db.batch([deadEvents(db)]);
  return found;
}

function deadEvents(db: Database) {
  return db
    .select(eventFacts)
    .from(stripeEvents)
    .where(eq(stripeEvents.state, "dead"))
    .orderBy(desc(stripeEvents.receivedAt))
    .limit(rowsMax);
}
