import { and, asc, eq, gt, inArray, isNull, ne, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { LedgerAccount } from "../domain/ledger";
import type { Database, Statement } from "./database";
import { orders, paymentDisputes, paymentRefunds, payments } from "./payment-tables";
import { lastSequence, lastVersion } from "./position";
import { postings } from "./schema";
import { type StripeEffect, selectEffects } from "./stripe-effects";

export type Payment = typeof payments.$inferSelect;
export type PaymentRefund = typeof paymentRefunds.$inferSelect;
export type PaymentDispute = typeof paymentDisputes.$inferSelect;

/** The order that a payment is for: what it is found and locked by. */
export interface OrderKey {
  developerId: string;
  appId: string;
  orderId: string;
}

/** A payment with everything that hangs on it, as one moment saw it. */
export interface PaymentAggregate {
  aggregateId: string;
  /** Whose money it is: the developer's id. */
  tenant: string;
  /** Whose webhook endpoints hear of it: the developer's. */
  audience: string;
  version: number;
  sequence: number;
  payment: Payment;
  refunds: PaymentRefund[];
  disputes: PaymentDispute[];
  /** Every call at Stripe, in the order of their claims. */
  effects: StripeEffect[];
  /** What is posted, per Stripe object, account and currency. */
  posted: { reference: string | null; account: LedgerAccount; currency: string; sumMinor: number }[];
  orderCancelled: boolean;
  /** The other payments that stand for the order: there are any only where money came back that counted as given back. */
  beside: OtherPayment[];
}

/** Another payment of the same order. */
export type OtherPayment = Pick<Payment, "id" | "state" | "stripeId"> & { live: number };

/** Reads the whole aggregate in one round trip: one batch is one moment. */
export async function loadPayment(db: Database, id: string): Promise<PaymentAggregate | undefined> {
  const [[payment], refunds, disputes, effects, posted, [order], beside, [last], [told]] = await db.batch([
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
    lastVersion(db, id),
    lastSequence(db, id),
  ]);
  if (!payment) return undefined;
  return {
    aggregateId: payment.id,
    tenant: payment.developerId,
    audience: payment.developerId,
    version: last?.version ?? 0,
    sequence: told?.sequence ?? 0,
    payment,
    refunds,
    disputes,
    effects,
    posted,
    orderCancelled: order?.state === "cancelled",
    beside,
  };
}

/** Says "live > 0" for "is not null", which no index serves. */
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

/** Where a payment stands that does not exist yet. */
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

/** The next of the payments that stand for an order takes the first place, which keeps every other one out. */
export function moveUpPayment(db: Database, key: OrderKey): Statement {
  const next = db
    .select({ id: payments.id })
    .from(payments)
    .where(and(isOfOrder(key), gt(payments.live, 1)))
    .orderBy(asc(payments.live))
    .limit(1);
  return db.update(payments).set({ live: 1 }).where(inArray(payments.id, next));
}

/** Writes down what a dispute has become. */
export function savePaymentDispute(db: Database, row: PaymentDispute): Statement {
  return db
    .insert(paymentDisputes)
    .values(row)
    .onConflictDoUpdate({
      target: [paymentDisputes.paymentId, paymentDisputes.stripeId],
      set: { state: row.state, amountMinor: row.amountMinor, dueBy: row.dueBy },
    });
}

/** Every payment of an order, newest first. The plus keeps SQLite from walking all payments of the app in this order. */
export function selectPaymentsOfOrder(db: Database, key: OrderKey) {
  return db.select().from(payments).where(isOfOrder(key)).orderBy(sql`+${payments.id} desc`);
}

/** Every refund of every payment of an order. */
export function selectRefundsOfOrder(db: Database, key: OrderKey) {
  const ofOrder = db.select({ id: payments.id }).from(payments).where(isOfOrder(key));
  return db.select().from(paymentRefunds).where(inArray(paymentRefunds.paymentId, ofOrder));
}

function isOfOrder({ developerId, appId, orderId }: OrderKey) {
  return and(eq(payments.developerId, developerId), eq(payments.appId, appId), eq(payments.orderId, orderId));
}

/** Wakes payments on an account that nobody has paid, so that the clock looks at them now: at most `limit`. */
export function wakeUnpaid(db: Database, account: { id: string; developerId: string }, nowMs: number, limit: number) {
  return db
    .update(payments)
    .set({ dueAt: nowMs })
    .where(inArray(payments.id, selectUnpaidAsleep(db, account, nowMs, limit)));
}

/** The unpaid payments on an account that the clock would not look at now. */
export function selectUnpaidAsleep(
  db: Database,
  { id, developerId }: { id: string; developerId: string },
  nowMs: number,
  limit: number,
) {
  return db
    .select({ id: payments.id })
    .from(payments)
    .where(
      and(
        eq(payments.developerId, developerId),
        eq(payments.accountId, id),
        inArray(payments.state, [
          "requires_payment_method",
          "requires_confirmation",
          "requires_action",
          "requires_capture",
        ]),
        or(isNull(payments.dueAt), gt(payments.dueAt, nowMs)),
      ),
    )
    .limit(limit);
}

/** Whether payments on an account may still move money: it must not be deleted then. */
export function countOpenPayments(db: Database, accountId: string, developerId: string) {
  return db
    .select({ open: sql<number>`count(*)` })
    .from(payments)
    .where(
      and(
        eq(payments.developerId, developerId),
        eq(payments.accountId, accountId),
        inArray(payments.state, ["creating", "requires_action", "processing", "requires_capture"]),
      ),
    );
}
