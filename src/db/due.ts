import { and, eq, lte, type SQL, sql } from "drizzle-orm";
import { hourMs, minuteMs } from "../domain/time";
import type { Database, Statement } from "./database";
import { connectedAccounts } from "./payments/developer-tables";
import { payments, unpaid } from "./payments/tables";
import { checkouts, payoutAccounts, payouts, refunds, stripeEffects, stripeEvents } from "./schema";

/*
 * These queries list due rows, the longest overdue first, one list for each kind. A partial index serves each list, so
 * a page costs the rows that it holds, however many others there are.
 */

/** Statement: Stripe calls whose outcome is unknown. */
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

/** Statement: Stripe's events that are stored and not processed. */
export function selectDueEvents(db: Database, nowMs: number, limit: number) {
  const { id, dueAt } = stripeEvents;
  return db
    .select({ id, dueAt })
    .from(stripeEvents)
    .where(and(lte(dueAt, nowMs), sql`state = 'received'`))
    .orderBy(dueAt)
    .limit(limit);
}

/** Statement: checkouts that were paid, or may have been, or whose session may exist. */
export function selectDueCheckouts(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, checkouts, and(lte(checkouts.dueAt, nowMs), sql`state <> 'open'`), limit);
}

/** Statement: checkouts whose page was opened and, as far as we know, not paid. */
export function selectDueOpenCheckouts(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, checkouts, and(lte(checkouts.dueAt, nowMs), sql`state = 'open'`), limit);
}

export function selectDuePayouts(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, payouts, lte(payouts.dueAt, nowMs), limit);
}

export function selectDueRefunds(db: Database, nowMs: number, limit: number) {
  return ofTestimony(db, refunds, lte(refunds.dueAt, nowMs), limit);
}

/** Statement: experts' accounts that are due for a check. */
export function selectDuePayoutAccounts(db: Database, nowMs: number, limit: number) {
  const { userId, dueAt } = payoutAccounts;
  return db.select({ userId, dueAt }).from(payoutAccounts).where(lte(dueAt, nowMs)).orderBy(dueAt).limit(limit);
}

/** Statement: developers' accounts that are due for a check of their state and of lost events. */
export function selectDueConnectedAccounts(db: Database, nowMs: number, limit: number) {
  const { id, dueAt } = connectedAccounts;
  return db.select({ id, dueAt }).from(connectedAccounts).where(lte(dueAt, nowMs)).orderBy(dueAt).limit(limit);
}

/** Statement: payments that move money: authorized, under way, or with an open refund or dispute. */
export function selectDuePayments(db: Database, nowMs: number, limit: number) {
  return ofOrder(db, and(lte(payments.dueAt, nowMs), sql`not ${sql.raw(unpaid)}`), limit);
}

/** Statement: payments that wait for their shopper. */
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

/** A row as it was found: its primary key, and the time since which it was due. */
export interface DueRow {
  key: readonly string[];
  dueAt: number;
}

/** The table and key of each list's rows, and the time since which a row exists. */
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

/** Bounds of the delay of a row that is put off; within them it waits as long again as it has existed. */
const putOffMs = { least: 5 * minuteMs, most: hourMs };

/**
 * Puts off those of the rows that are still due as they were found: nobody could settle them, and others wait behind
 * them. If a row's time has changed meanwhile, it was checked or is wanted earlier, and stays as it is. Returns the
 * rows that were put off.
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
