import { and, asc, eq, gt, inArray, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { LedgerAccount } from "../../domain/ledger";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import { postings } from "../schema";
import { type StripeEffect, selectEffects } from "../stripe-effects";
import { orders, paymentDisputes, paymentRefunds, payments } from "./tables";

export type Payment = typeof payments.$inferSelect;
export type PaymentRefund = typeof paymentRefunds.$inferSelect;
export type PaymentDispute = typeof paymentDisputes.$inferSelect;

/** The key of the order that a payment is for, by which it is found and locked. */
export interface OrderKey {
  developerId: string;
  appId: string;
  orderId: string;
}

/** A payment with its refunds, disputes and calls, as of one moment. */
export interface PaymentAggregate {
  aggregateId: string;
  /** The owner of the money: the developer's id. */
  tenant: string;
  /** The owner of the webhook endpoints that receive its events: the developer's id. */
  audience: string;
  version: number;
  sequence: number;
  payment: Payment;
  refunds: PaymentRefund[];
  disputes: PaymentDispute[];
  /** All Stripe calls, in the order in which they were written down. */
  effects: StripeEffect[];
  /** The posted sums per Stripe object, account and currency. */
  posted: { reference: string | null; account: LedgerAccount; currency: string; sumMinor: number }[];
  orderCancelled: boolean;
  /** The other payments that count for the order. There are any only if refunded money came back. */
  beside: OtherPayment[];
}

/** Another payment of the same order. */
export type OtherPayment = Pick<Payment, "id" | "state" | "stripeId"> & { live: number };

/** Loads the whole aggregate in one round trip, as of one moment. Returns undefined if it does not exist. */
export async function loadPayment(db: Database, id: string): Promise<PaymentAggregate | undefined> {
  const [[payment], refunds, disputes, effects, posted, [order], beside, [last]] = await db.batch([
    db.select().from(payments).where(eq(payments.id, id)),
    db.select().from(paymentRefunds).where(eq(paymentRefunds.paymentId, id)).orderBy(asc(paymentRefunds.id)),
    db.select().from(paymentDisputes).where(eq(paymentDisputes.paymentId, id)),
    selectEffects(db, id),
    db
      .select({
        reference: postings.reference,
        account: sql<LedgerAccount>`${postings.account}`,
        currency: postings.currency,
        sumMinor: sql<number>`sum(${postings.amountMinor})`,
      })
      .from(postings)
      .where(eq(postings.aggregateId, id))
      .groupBy(postings.reference, postings.account, postings.currency),
    db
      .select({ state: orders.state })
      .from(payments)
      .innerJoin(
        orders,
        and(
          eq(orders.developerId, payments.developerId),
          eq(orders.appId, payments.appId),
          eq(orders.orderId, payments.orderId),
        ),
      )
      .where(eq(payments.id, id)),
    selectBeside(db, id),
    lastPosition(db, id),
  ]);
  if (!payment) return undefined;
  return {
    aggregateId: payment.id,
    tenant: payment.developerId,
    audience: payment.developerId,
    version: last?.version ?? 0,
    sequence: last?.sequence ?? 0,
    payment,
    refunds,
    disputes,
    effects,
    posted,
    orderCancelled: order?.state === "cancelled",
    beside,
  };
}

/**
 * Statement: the other payments that count for the order. "live > 0" stands for "is not null", which no index serves.
 */
function selectBeside(db: Database, id: string) {
  const other = alias(payments, "other");
  return db
    .select({ id: other.id, state: other.state, stripeId: other.stripeId, live: sql<number>`${other.live}` })
    .from(payments)
    .innerJoin(
      other,
      and(
        eq(other.developerId, payments.developerId),
        eq(other.appId, payments.appId),
        eq(other.orderId, payments.orderId),
        gt(other.live, 0),
        ne(other.id, payments.id),
      ),
    )
    .where(eq(payments.id, id))
    .orderBy(asc(other.live));
}

/** Returns the aggregate of a payment that does not exist yet. */
export function newPayment(payment: Payment): PaymentAggregate {
  const { id, developerId } = payment;
  const nothing = {
    version: 0,
    sequence: 0,
    refunds: [],
    disputes: [],
    effects: [],
    posted: [],
    orderCancelled: false,
    beside: [],
  };
  return { aggregateId: id, tenant: developerId, audience: developerId, payment, ...nothing };
}

export function insertPayment(db: Database, row: Payment): Statement {
  return db.insert(payments).values(row);
}

export function updatePayment(
  db: Database,
  id: string,
  changes: Partial<Omit<Payment, "id" | "createdAt">>,
): Statement {
  return db.update(payments).set(changes).where(eq(payments.id, id));
}

export function insertPaymentRefund(db: Database, row: PaymentRefund): Statement {
  return db.insert(paymentRefunds).values(row);
}

export function updatePaymentRefund(
  db: Database,
  { paymentId, id }: Pick<PaymentRefund, "paymentId" | "id">,
  changes: Partial<Pick<PaymentRefund, "state" | "stripeId" | "failure">>,
): Statement {
  return db
    .update(paymentRefunds)
    .set(changes)
    .where(and(eq(paymentRefunds.paymentId, paymentId), eq(paymentRefunds.id, id)));
}

/** Moves the next payment that counts for an order to the first place, which keeps every other one out. */
export function moveUpPayment(db: Database, key: OrderKey): Statement {
  const next = db
    .select({ id: payments.id })
    .from(payments)
    .where(and(isOfOrder(key), gt(payments.live, 1)))
    .orderBy(asc(payments.live))
    .limit(1);
  return db.update(payments).set({ live: 1 }).where(inArray(payments.id, next));
}

/** Writes the present state of a dispute, whether we knew of it or not. */
export function savePaymentDispute(db: Database, row: PaymentDispute): Statement {
  return db
    .insert(paymentDisputes)
    .values(row)
    .onConflictDoUpdate({
      target: [paymentDisputes.paymentId, paymentDisputes.stripeId],
      set: { state: row.state, reason: row.reason, amountMinor: row.amountMinor, dueBy: row.dueBy },
    });
}

/**
 * Statement: every payment of an order, newest first. The plus keeps SQLite from reading all payments of the app in
 * this order.
 */
export function selectPaymentsOfOrder(db: Database, key: OrderKey) {
  return db.select().from(payments).where(isOfOrder(key)).orderBy(sql`+${payments.id} desc`);
}

/** Statement: every refund of every payment of an order. */
export function selectRefundsOfOrder(db: Database, key: OrderKey) {
  const ofOrder = db.select({ id: payments.id }).from(payments).where(isOfOrder(key));
  return db.select().from(paymentRefunds).where(inArray(paymentRefunds.paymentId, ofOrder));
}

function isOfOrder({ developerId, appId, orderId }: OrderKey) {
  return and(eq(payments.developerId, developerId), eq(payments.appId, appId), eq(payments.orderId, orderId));
}
