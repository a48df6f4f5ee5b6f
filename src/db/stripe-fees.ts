import { and, asc, eq } from "drizzle-orm";
import { makeId } from "../domain/id";
import { dayMs } from "../domain/time";
import type { Database } from "./database";
import { testimonies } from "./offers/tables";
import { payments } from "./payments/tables";
import { lastVersion } from "./position";
import { postings } from "./schema";

/**
 * Returns the aggregate of the lines that Stripe itself wrote into the platform's balance on one day (UTC): a fixed id,
 * made of the day's first moment, bucket 0 and no randomness. A line belongs to the day that Stripe gives it, so it is
 * looked for in one place, and no place grows with the years.
 */
export function feesAggregate(createdAtMs: number): string {
  return makeId(createdAtMs - (createdAtMs % dayMs), 0, new Uint8Array(9));
}

/** Loads which of Stripe's own lines of a day are booked, and the position of the day's journal. */
export async function loadStripeFees(db: Database, aggregateId: string) {
  const [[last], booked] = await db.batch([
    lastVersion(db, aggregateId),
    db
      .select({ reference: postings.reference })
      .from(postings)
      .where(and(eq(postings.aggregateId, aggregateId), eq(postings.account, "stripe_balance"))),
  ]);
  return { version: last?.version ?? 0, booked: new Set(booked.map(({ reference }) => reference)) };
}

/** Statement: the oldest payment on a connected account. Ids sort by time. */
export function selectFirstPayment(db: Database) {
  return db.select({ createdAt: payments.createdAt }).from(payments).orderBy(asc(payments.id)).limit(1);
}

/** Statement: the oldest testimony. No offer was paid before it. */
export function selectFirstTestimony(db: Database) {
  return db.select({ createdAt: testimonies.createdAt }).from(testimonies).orderBy(asc(testimonies.id)).limit(1);
}
