import { and, eq, lte, type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { connectedAccounts } from "./developer-tables";
import { payments, unpaid } from "./payment-tables";
import { checkouts, payoutAccounts, payouts, refunds, stripeEffects, stripeEvents } from "./schema";

/*
 * These queries list what is due, the longest overdue first, one list a kind. Each list is served by a partial index, so a page costs the
 * rows that it holds, however many others there are.
 */

/** A call at Stripe whose outcome is open. */
export function selectDueCalls(db: Database, nowMs: number, limit: number) {
  const { aggregateId, id, kind, dueAt } = stripeEffects;
  const order = { developerId: payments.developerId, appId: payments.appId, orderId: payments.orderId };
  return db
    .select({ aggregateId, id, kind, order, dueAt })
    .from(stripeEffects)
    .leftJoin(payments, eq(payments.id, aggregateId)) // a payment is locked by its order
    .where(lte(dueAt, nowMs))
    .orderBy(dueAt)
    .limit(limit);
}

/** An event of Stripe's that is stored and not processed. */
export function selectDueEvents(db: Database, nowMs: number, limit: number) {
  const { id, dueAt } = stripeEvents;
  return db
    .select({ id, dueAt })
    .from(stripeEvents)
    .where(and(lte(dueAt, nowMs), sql`state = 'received'`))
    .orderBy(dueAt)
    .limit(limit);
}

/** A checkout that was paid, or may have been, or whose session may exist. */
export function selectDueCheckouts(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, checkouts, and(lte(checkouts.dueAt, nowMs), sql`state <> 'open'`), limit);
}

/** A checkout whose page was opened and, as far as we know, not paid. */
export function selectDueOpenCheckouts(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, checkouts, and(lte(checkouts.dueAt, nowMs), sql`state = 'open'`), limit);
}

export function selectDuePayouts(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, payouts, lte(payouts.dueAt, nowMs), limit);
}

export function selectDueRefunds(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, refunds, lte(refunds.dueAt, nowMs), limit);
}

/** An expert's account that cannot be paid to yet. */
export function selectDuePayoutAccounts(db: Database, nowMs: number, limit: number) {
  const { userId, dueAt } = payoutAccounts;
  return db.select({ userId, dueAt }).from(payoutAccounts).where(lte(dueAt, nowMs)).orderBy(dueAt).limit(limit);
}

/** A developer's account: its state, and its events that were lost. */
export function selectDueConnectedAccounts(db: Database, nowMs: number, limit: number) {
  const { id, dueAt } = connectedAccounts;
  return db.select({ id, dueAt }).from(connectedAccounts).where(lte(dueAt, nowMs)).orderBy(dueAt).limit(limit);
}

/** A payment that moves money: authorised, on its way, with a refund or a dispute that is open. */
export function selectDuePayments(db: Database, nowMs: number, limit: number) {
  return ofOrder(db, and(lte(payments.dueAt, nowMs), sql`not ${sql.raw(unpaid)}`), limit);
}

/** A payment that waits for its shopper. */
export function selectDueUnpaidPayments(db: Database, nowMs: number, limit: number) {
  return ofOrder(db, and(lte(payments.dueAt, nowMs), sql.raw(unpaid)), limit);
}

function ofTestimony(
  db: Database,
  table: typeof checkouts | typeof payouts | typeof refunds,
  isDue: SQL | undefined,
  limit: number,
) {
  const { testimonyId, id, dueAt } = table;
  return db.select({ testimonyId, id, dueAt }).from(table).where(isDue).orderBy(dueAt).limit(limit);
}

function ofOrder(db: Database, isDue: SQL | undefined, limit: number) {
  const { developerId, appId, orderId, id: paymentId, dueAt } = payments;
  return db
    .select({ developerId, appId, orderId, paymentId, dueAt })
    .from(payments)
    .where(isDue)
    .orderBy(dueAt)
    .limit(limit);
}

/** A row as it was found: its primary key, and since when it was due. */
export interface DueRow {
  key: readonly string[];
  dueAt: number;
}

/** Where a row of each list is, and since when it exists. */
const places = {
  call: { table: stripeEffects, key: [stripeEffects.aggregateId, stripeEffects.id], since: stripeEffects.createdAt },
  event: { table: stripeEvents, key: [stripeEvents.id], since: stripeEvents.receivedAt },
  checkout: { table: checkouts, key: [checkouts.testimonyId, checkouts.id], since: checkouts.createdAt },
  payout: { table: payouts, key: [payouts.testimonyId, payouts.id], since: payouts.createdAt },
  refund: { table: refunds, key: [refunds.testimonyId, refunds.id], since: refunds.createdAt },
  payment: { table: payments, key: [payments.id], since: payments.createdAt },
  payout_account: { table: payoutAccounts, key: [payoutAccounts.userId], since: payoutAccounts.createdAt },
  connected_account: { table: connectedAccounts, key: [connectedAccounts.id], since: connectedAccounts.createdAt },
} as const;

export type DueTable = keyof typeof places;

/** A row that is put off waits as long again as it has existed, within these bounds. */
const putOffMs = { least: 5 * 60_000, most: 60 * 60_000 };

/**
 * Puts off those of the rows that are still due as they were found: nobody could settle them, and others wait behind
 * them. A row whose time has moved meanwhile was looked at, or is wanted now, and stays as it is. Answers what it moved.
 */
export function putOffDue(db: Database, where: DueTable, rows: readonly DueRow[], nowMs: number) {
  const { table, key, since } = places[where];
  const found = JSON.stringify(rows.map((row) => [...row.key, row.dueAt]));
  const columns = [...key, table.dueAt];
  const members = columns.map((_, index) => sql.raw(`value ->> ${index}`));
  const isAsFound = sql`(${sql.join(columns, sql`, `)}) in (select ${sql.join(members, sql`, `)} from json_each(${found}))`;
  const waitMs = sql`min(max(cast(${nowMs} as integer) - ${since}, ${putOffMs.least}), ${putOffMs.most})`;
  return db
    .update(table)
    .set({ dueAt: sql`cast(${nowMs} + ${waitMs} as integer)` })
    .where(isAsFound)
    .returning({ dueAt: table.dueAt }) satisfies Statement;
}
