import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { operatorAudience } from "../../domain/webhooks/event";
import type { Database } from "../database";
import {
  journal,
  outbox,
  postings,
  stripeEffects,
  stripeEvents,
  transferWebhooks,
  webhookAttempts,
  webhookDeliveries,
  webhookEndpoints,
} from "../schema";
import { eventFacts } from "../stripe-events";

/** Upper bound of the rows of each kind; far more than any aggregate has. */
const rowsMax = 1_000;

/**
 * Reads everything that is written about some aggregates, at most twenty, each kind in its own order. One round trip.
 */
export async function timelineOf(db: Database, aggregateIds: readonly string[]) {
  const ids = [...aggregateIds];
  const [changes, effects, events, lines, told, deliveries, attempts, records] = await db.batch([
    db.select().from(journal).where(inArray(journal.aggregateId, ids)).orderBy(asc(journal.version)).limit(rowsMax),
    db
      .select()
      .from(stripeEffects)
      .where(inArray(stripeEffects.aggregateId, ids))
      .orderBy(asc(stripeEffects.id))
      .limit(rowsMax),
    db
      .select({ ...eventFacts, aggregateId: stripeEvents.aggregateId, processedAt: stripeEvents.processedAt })
      .from(stripeEvents)
      .where(inArray(stripeEvents.aggregateId, ids))
      .orderBy(asc(stripeEvents.receivedAt))
      .limit(rowsMax),
    db
      .select()
      .from(postings)
      .where(inArray(postings.aggregateId, ids))
      .orderBy(asc(postings.version), asc(postings.line))
      .limit(rowsMax),
    db.select().from(outbox).where(inArray(outbox.aggregateId, ids)).orderBy(asc(outbox.sequence)).limit(rowsMax),
    db
      .select()
      .from(webhookDeliveries)
      .where(isDeliveryOf(db, webhookDeliveries, ids))
      .limit(rowsMax),
    db
      .select()
      .from(webhookAttempts)
      .where(isDeliveryOf(db, webhookAttempts, ids))
      .orderBy(asc(webhookAttempts.number))
      .limit(rowsMax),
    db
      .select()
      .from(transferWebhooks)
      .where(inArray(transferWebhooks.reference, ofTransfers(db, ids, "reference")))
      .limit(rowsMax),
  ]);
  return { changes, effects, events, lines, told, deliveries, attempts, records };
}

export type Timeline = Awaited<ReturnType<typeof timelineOf>>;

/**
 * Restricts deliveries to those of the aggregates. They are found by their key: the aggregates' events at the endpoints
 * of those who may receive them. An index by aggregate would cost a row a delivery, for a question that only an
 * operator asks.
 */
function isDeliveryOf(db: Database, of: typeof webhookDeliveries | typeof webhookAttempts, ids: string[]) {
  const isTold = inArray(outbox.aggregateId, ids);
  const hearers = sql`(select ${operatorAudience} union select ${outbox.tenant} from ${outbox} where ${isTold}
    union ${ofTransfers(db, ids, "receiverAppId").getSQL()})`;
  const endpoints = db.select({ id: webhookEndpoints.id }).from(webhookEndpoints);
  return and(
    inArray(of.endpointId, endpoints.where(sql`${webhookEndpoints.owner} in ${hearers}`)),
    inArray(of.eventId, db.select({ id: outbox.id }).from(outbox).where(isTold)),
  );
}

/**
 * Selects a member of transfers' first changes. A transfer is stored under its reference and not under its id: its
 * first change names both, and its receiver.
 */
function ofTransfers(db: Database, ids: string[], member: "reference" | "receiverAppId") {
  return db
    .select({ value: sql<string>`${journal.data} ->> ${sql.raw(`'${member}'`)}` })
    .from(journal)
    .where(and(inArray(journal.aggregateId, ids), eq(journal.version, 1), eq(journal.name, "initiate-transfer")));
}
