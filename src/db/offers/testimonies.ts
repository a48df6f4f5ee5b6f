import { and, eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { type Attention, selectAttention } from "../attention";
import { compiled } from "../compiled";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import type { Rows } from "../read-all";
import { checkouts, disputes, offers, payouts, refunds, stripeEffects, testimonies } from "../schema";
import type { StripeEffect } from "../stripe-effects";
import { countUpTo, whileRoom } from "../while-room";

export type Testimony = typeof testimonies.$inferSelect;
export type Offer = typeof offers.$inferSelect;
export type Checkout = typeof checkouts.$inferSelect;
export type Payout = typeof payouts.$inferSelect;
export type Refund = typeof refunds.$inferSelect;
export type Dispute = typeof disputes.$inferSelect;

/** A testimony with all rows that belong to it, as of one moment. */
export interface TestimonyAggregate {
  aggregateId: string;
  /** The owner of the money: the client's id. */
  tenant: string;
  testimony: Testimony;
  /** The version of the last change, from the journal. */
  version: number;
  /** The number of events published so far. */
  sequence: number;
  offers: Offer[];
  checkouts: Checkout[];
  payouts: Payout[];
  refunds: Refund[];
  disputes: Dispute[];
  /** Pending Stripe calls. */
  openEffects: StripeEffect[];
  /** The open reasons for which a person must look. */
  attention: Attention[];
}

/** Loads the whole aggregate in one round trip, as of one moment. Returns undefined if it does not exist. */
export async function loadTestimony(db: Database, id: string): Promise<TestimonyAggregate | undefined> {
  return testimonyOf(await db.batch(testimonyReads(db, id)));
}

/** Statements: all rows of a testimony. */
export function testimonyReads(db: Database, id: string) {
  return readTestimony(db, { id });
}

const readTestimony = compiled((db, { id }: { id: string }) => rowsOfTestimony(db, id));

/** Statements: the same, the testimony given by its id or by a query of it. */
export function rowsOfTestimony(db: Database, id: string | SQLWrapper) {
  return [
    db.select().from(testimonies).where(eq(testimonies.id, id)),
    db.select().from(offers).where(eq(offers.testimonyId, id)),
    db.select().from(checkouts).where(eq(checkouts.testimonyId, id)),
    db.select().from(payouts).where(eq(payouts.testimonyId, id)),
    db.select().from(refunds).where(eq(refunds.testimonyId, id)),
    db.select().from(disputes).where(eq(disputes.testimonyId, id)),
    db
      .select()
      .from(stripeEffects)
      .where(and(eq(stripeEffects.aggregateId, id), eq(stripeEffects.state, "open"))),
    selectAttention(db, id),
    lastPosition(db, id),
  ] as const;
}

/** Makes the aggregate of its rows, which were read as of one moment. Returns undefined if it does not exist. */
export function testimonyOf([
  [testimony],
  offerRows,
  checkoutRows,
  payoutRows,
  refundRows,
  disputeRows,
  openEffects,
  attention,
  [last],
]: Rows<ReturnType<typeof testimonyReads>>): TestimonyAggregate | undefined {
  if (!testimony) return undefined;
  return {
    aggregateId: testimony.id,
    tenant: testimony.clientId,
    testimony,
    version: last?.version ?? 0,
    sequence: last?.sequence ?? 0,
    offers: offerRows,
    checkouts: checkoutRows,
    payouts: payoutRows,
    refunds: refundRows,
    disputes: disputeRows,
    openEffects,
    attention,
  };
}

/** Inserts a testimony, unless the client has as many open ones among the newest. */
export function insertTestimony(db: Database, row: Testimony, most: number): Statement {
  const newest = newestOf(row.clientId, most);
  const open = sql`select 1 from (${newest}) where state in ('pending', 'offered')`;
  return db.insert(testimonies).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, open)) });
}

/** How many of the newest rows are looked through for each that may be open: older ones are hardly open any more. */
const newestForEach = 10;

function newestOf(clientId: string, most: number): SQL {
  const { id, state } = testimonies;
  const isOwn = eq(testimonies.clientId, clientId);
  return sql`select ${id} as id, ${state} as state from ${testimonies} where ${isOwn} order by ${id} desc limit ${most * newestForEach}`;
}

export function updateTestimony(
  db: Database,
  id: string,
  changes: Partial<Omit<Testimony, "id" | "createdAt">>,
): Statement {
  return db.update(testimonies).set(changes).where(eq(testimonies.id, id));
}

/** Inserts an offer, unless the expert has as many among the newest that wait for a decision. */
export function insertOffer(db: Database, row: Offer, most: number): Statement {
  const { testimonyId, expertId, id, withdrawnAt, acceptedAt } = offers;
  const newest = sql`select ${testimonyId} as testimony_id, coalesce(${withdrawnAt}, ${acceptedAt}) as ended_at from ${offers}
    where ${eq(expertId, row.expertId)} order by ${id} desc limit ${most * newestForEach}`;
  const open = sql`select 1 from (${newest}) as newest join ${testimonies} on ${testimonies.id} = newest.testimony_id
    where newest.ended_at is null and ${testimonies.state} in ('pending', 'offered')`;
  return db.insert(offers).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, open)) });
}

export function updateOffer(
  db: Database,
  offer: Offer,
  changes: { acceptedAt?: number; withdrawnAt?: number },
): Statement {
  return db
    .update(offers)
    .set(changes)
    .where(and(eq(offers.testimonyId, offer.testimonyId), eq(offers.id, offer.id)));
}

export function insertCheckout(db: Database, row: typeof checkouts.$inferInsert): Statement {
  return db.insert(checkouts).values(row);
}

/**
 * Inserts a checkout, unless the client has as many pages that may be paid, of the newest testimonies that may have one.
 */
export function insertOpenCheckout(db: Database, row: Checkout, most: number): Statement {
  const open = sql`select 1 from (${newestOf(row.clientId, most)}) as newest join ${checkouts}
    on ${checkouts.testimonyId} = newest.id and ${checkouts.payable} = 1 where newest.state = 'offered'`;
  return db.insert(checkouts).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, open)) });
}

export function updateCheckout(
  db: Database,
  checkout: Pick<Checkout, "testimonyId" | "id">,
  changes: Partial<Omit<Checkout, "testimonyId" | "id" | "createdAt">>,
): Statement {
  return db
    .update(checkouts)
    .set(changes)
    .where(and(eq(checkouts.testimonyId, checkout.testimonyId), eq(checkouts.id, checkout.id)));
}

/**
 * Adds to the sum that our refunds of a checkout return, or subtracts a failed one. The CHECK refuses more than was
 * paid.
 */
export function addRefunded(
  db: Database,
  checkout: Pick<Checkout, "testimonyId" | "id">,
  amountMinor: number,
): Statement {
  return db
    .update(checkouts)
    .set({ refundedMinor: sql`${checkouts.refundedMinor} + ${amountMinor}` })
    .where(and(eq(checkouts.testimonyId, checkout.testimonyId), eq(checkouts.id, checkout.id)));
}

export function insertPayout(db: Database, row: typeof payouts.$inferInsert): Statement {
  return db.insert(payouts).values(row);
}

export function updatePayout(
  db: Database,
  payout: Pick<Payout, "testimonyId" | "id">,
  changes: Partial<Omit<Payout, "testimonyId" | "id" | "createdAt">>,
): Statement {
  return db
    .update(payouts)
    .set(changes)
    .where(and(eq(payouts.testimonyId, payout.testimonyId), eq(payouts.id, payout.id)));
}

export function insertRefund(db: Database, row: typeof refunds.$inferInsert): Statement {
  return db.insert(refunds).values(row);
}

export function updateRefund(
  db: Database,
  refund: Pick<Refund, "testimonyId" | "id">,
  changes: Partial<Omit<Refund, "testimonyId" | "id" | "createdAt">>,
): Statement {
  return db
    .update(refunds)
    .set(changes)
    .where(and(eq(refunds.testimonyId, refund.testimonyId), eq(refunds.id, refund.id)));
}

/** Writes the present state of a dispute at Stripe, whether we knew of it or not. */
export function saveDispute(db: Database, row: typeof disputes.$inferInsert): Statement {
  const { state, amountMinor, feeMinor } = row;
  return db
    .insert(disputes)
    .values(row)
    .onConflictDoUpdate({ target: [disputes.testimonyId, disputes.stripeId], set: { state, amountMinor, feeMinor } });
}
