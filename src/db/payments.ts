import { and, asc, desc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
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
  /** What is posted, per Stripe object and account. */
  posted: { reference: string | null; account: LedgerAccount; sumMinor: number }[];
  orderCancelled: boolean;
}

/** Reads the whole aggregate in one round trip: one batch is one moment. */
export async function loadPayment(db: Database, id: string): Promise<PaymentAggregate | undefined> {
  const [[payment], refunds, disputes, effects, posted, [order], [last], [told]] = await db.batch([
    db.select().from(payments).where(eq(payments.id, id)),
    db.select().from(paymentRefunds).where(eq(paymentRefunds.paymentId, id)).orderBy(asc(paymentRefunds.id)),
    db.select().from(paymentDisputes).where(eq(paymentDisputes.paymentId, id)),
    selectEffects(db, id),
    db
      .select({
        reference: postings.reference,
        account: sql<LedgerAccount>`${postings.account}`,
        sumMinor: sql<number>`sum(${postings.amountMinor})`,
      })
      .from(postings)
      .where(eq(postings.aggregateId, id))
      .groupBy(postings.reference, postings.account),
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
  };
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

/** Writes down what a dispute has become. */
export function savePaymentDispute(db: Database, row: PaymentDispute): Statement {
  return db
    .insert(paymentDisputes)
    .values(row)
    .onConflictDoUpdate({
      target: [paymentDisputes.paymentId, paymentDisputes.stripeId],
      set: { state: row.state, amountMinor: row.amountMinor },
    });
}

/** Every payment of an order, newest first. */
export function selectPaymentsOfOrder(db: Database, { developerId, appId, orderId }: OrderKey) {
  return db
    .select()
    .from(payments)
    .where(and(eq(payments.developerId, developerId), eq(payments.appId, appId), eq(payments.orderId, orderId)))
    .orderBy(desc(payments.id));
}

/** Every refund of every payment of an order. */
export function selectRefundsOfOrder(db: Database, { developerId, appId, orderId }: OrderKey) {
  const ofOrder = db
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.developerId, developerId), eq(payments.appId, appId), eq(payments.orderId, orderId)));
  return db.select().from(paymentRefunds).where(inArray(paymentRefunds.paymentId, ofOrder));
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
