import { and, eq, isNotNull, lte } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { connectedAccounts } from "./developer-tables";
import { payments } from "./payment-tables";
import { checkouts, payoutAccounts, payouts, refunds, stripeEffects, stripeEvents } from "./schema";
import { selectDueDeliveries } from "./webhook-deliveries";

/** Deliveries are handed on, not made, by a sweep: it can take many, and of each endpoint as many as it may catch up with. */
const deliveriesMax = { each: 500, all: 2_000 };

/** A page of what is due, of every kind, in one round trip. Each list is served by a partial index. */
export async function loadDue(db: Database, nowMs: number, limit: number) {
  const [events, effects, checkoutRows, payoutRows, refundRows, accounts, connected, paymentRows, deliveries] =
    await db.batch([
      dueEvents(db, nowMs).limit(limit),
      dueEffects(db, nowMs).limit(limit),
      dueOfTestimony(db, checkouts, nowMs).limit(limit),
      dueOfTestimony(db, payouts, nowMs).limit(limit),
      dueOfTestimony(db, refunds, nowMs).limit(limit),
      duePayoutAccounts(db, nowMs).limit(limit),
      dueConnectedAccounts(db, nowMs).limit(limit),
      duePayments(db, nowMs).limit(limit),
      selectDueDeliveries(db, nowMs, deliveriesMax),
    ]);
  return {
    events,
    effects,
    checkouts: checkoutRows,
    payouts: payoutRows,
    refunds: refundRows,
    accounts,
    connectedAccounts: connected,
    payments: paymentRows,
    deliveries,
  };
}

function dueEvents(db: Database, nowMs: number) {
  const { id, dueAt } = stripeEvents;
  return db.select({ id }).from(stripeEvents).where(lte(dueAt, nowMs)).orderBy(dueAt);
}

function dueEffects(db: Database, nowMs: number) {
  const { aggregateId, id, kind, dueAt } = stripeEffects;
  const order = { developerId: payments.developerId, appId: payments.appId, orderId: payments.orderId };
  return db
    .select({ aggregateId, id, kind, order })
    .from(stripeEffects)
    .leftJoin(payments, eq(payments.id, aggregateId)) // a payment is locked by its order
    .where(lte(dueAt, nowMs))
    .orderBy(dueAt);
}

function dueOfTestimony(db: Database, table: typeof checkouts | typeof payouts | typeof refunds, nowMs: number) {
  const { testimonyId, id, dueAt } = table;
  return db.select({ testimonyId, id }).from(table).where(lte(dueAt, nowMs)).orderBy(dueAt);
}

function duePayoutAccounts(db: Database, nowMs: number) {
  const { userId, dueAt } = payoutAccounts;
  return db.select({ userId }).from(payoutAccounts).where(lte(dueAt, nowMs)).orderBy(dueAt);
}

function dueConnectedAccounts(db: Database, nowMs: number) {
  const { id, dueAt } = connectedAccounts;
  return db.select({ id }).from(connectedAccounts).where(lte(dueAt, nowMs)).orderBy(dueAt);
}

function duePayments(db: Database, nowMs: number) {
  const { developerId, appId, orderId, id: paymentId, dueAt } = payments;
  return db.select({ developerId, appId, orderId, paymentId }).from(payments).where(lte(dueAt, nowMs)).orderBy(dueAt);
}

/** A row that was due. */
export type DueRow =
  | { kind: "effect"; aggregateId: string; id: string }
  | { kind: "checkout" | "payout" | "refund"; testimonyId: string; id: string }
  | { kind: "account"; userId: string }
  | { kind: "connected_account"; id: string }
  | { kind: "payment"; id: string }
  | { kind: "event"; id: string };

/** Puts a row off that nobody could settle, so that it does not stand at the head of its list for ever. */
export function putOffDue(db: Database, row: DueRow, dueAt: number): Statement {
  switch (row.kind) {
    case "effect": {
      const isRow = and(eq(stripeEffects.aggregateId, row.aggregateId), eq(stripeEffects.id, row.id));
      return db
        .update(stripeEffects)
        .set({ dueAt })
        .where(and(isRow, isNotNull(stripeEffects.dueAt)));
    }
    case "account":
      return db.update(payoutAccounts).set({ dueAt }).where(eq(payoutAccounts.userId, row.userId));
    case "connected_account":
      return db.update(connectedAccounts).set({ dueAt }).where(eq(connectedAccounts.id, row.id));
    case "payment":
      return db.update(payments).set({ dueAt }).where(eq(payments.id, row.id));
    case "event":
      return db.update(stripeEvents).set({ dueAt }).where(eq(stripeEvents.id, row.id));
    default: {
      const table = { checkout: checkouts, payout: payouts, refund: refunds }[row.kind];
      const isRow = and(eq(table.testimonyId, row.testimonyId), eq(table.id, row.id));
      return db
        .update(table)
        .set({ dueAt })
        .where(and(isRow, isNotNull(table.dueAt)));
    }
  }
}
