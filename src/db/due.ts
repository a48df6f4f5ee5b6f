import { and, eq, isNotNull, lte, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { connectedAccounts } from "./developer-tables";
import { payments } from "./payment-tables";
import {
  accessTokens,
  checkouts,
  cursors,
  payoutAccounts,
  payouts,
  refunds,
  stripeEffects,
  stripeEvents,
} from "./schema";
import { selectDueDeliveries } from "./webhook-deliveries";

/** Deliveries are handed on, not made, by a sweep: it can take many, and of each endpoint as many as it may catch up with. */
const deliveriesMax = { each: 500, all: 2_000 };

/** A page of what is due, of every kind, in one round trip. Each list is served by a partial index. */
export async function loadDue(db: Database, nowMs: number, limit: number) {
  const [events, effects, checkoutRows, payoutRows, refundRows, accounts, connected, paymentRows, deliveries] =
    await db.batch([
      db
        .select({ id: stripeEvents.id })
        .from(stripeEvents)
        .where(lte(stripeEvents.dueAt, nowMs))
        .orderBy(stripeEvents.dueAt)
        .limit(limit),
      db
        .select({
          aggregateId: stripeEffects.aggregateId,
          id: stripeEffects.id,
          kind: stripeEffects.kind,
          order: { developerId: payments.developerId, appId: payments.appId, orderId: payments.orderId },
        })
        .from(stripeEffects)
        .leftJoin(payments, eq(payments.id, stripeEffects.aggregateId)) // a payment is locked by its order
        .where(lte(stripeEffects.dueAt, nowMs))
        .orderBy(stripeEffects.dueAt)
        .limit(limit),
      db
        .select({ testimonyId: checkouts.testimonyId, id: checkouts.id })
        .from(checkouts)
        .where(lte(checkouts.dueAt, nowMs))
        .orderBy(checkouts.dueAt)
        .limit(limit),
      db
        .select({ testimonyId: payouts.testimonyId, id: payouts.id })
        .from(payouts)
        .where(lte(payouts.dueAt, nowMs))
        .orderBy(payouts.dueAt)
        .limit(limit),
      db
        .select({ testimonyId: refunds.testimonyId, id: refunds.id })
        .from(refunds)
        .where(lte(refunds.dueAt, nowMs))
        .orderBy(refunds.dueAt)
        .limit(limit),
      db
        .select({ userId: payoutAccounts.userId })
        .from(payoutAccounts)
        .where(lte(payoutAccounts.dueAt, nowMs))
        .orderBy(payoutAccounts.dueAt)
        .limit(limit),
      db
        .select({ id: connectedAccounts.id })
        .from(connectedAccounts)
        .where(lte(connectedAccounts.dueAt, nowMs))
        .orderBy(connectedAccounts.dueAt)
        .limit(limit),
      db
        .select({
          developerId: payments.developerId,
          appId: payments.appId,
          orderId: payments.orderId,
          paymentId: payments.id,
        })
        .from(payments)
        .where(lte(payments.dueAt, nowMs))
        .orderBy(payments.dueAt)
        .limit(limit),
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

/** Forgets bearer tokens whose time is over, at most `limit` at once. */
export function purgeTokens(db: Database, nowMs: number, limit: number) {
  const over = db
    .select({ hash: accessTokens.hash })
    .from(accessTokens)
    .where(lte(accessTokens.expiresAt, nowMs))
    .limit(limit);
  return db.delete(accessTokens).where(sql`${accessTokens.hash} in ${over}`);
}

export function selectCursor(db: Database, name: string) {
  return db.select().from(cursors).where(eq(cursors.name, name));
}

export function moveCursor(db: Database, name: string, value: number) {
  return db.insert(cursors).values({ name, value }).onConflictDoUpdate({ target: cursors.name, set: { value } });
}
