import { and, eq, inArray, sql } from "drizzle-orm";
import { isId } from "../../domain/id";
import type { Database } from "../database";
import { stripeEffects, stripeObjects } from "../schema";
import type { Payment } from "./payments";
import { paymentRefunds, payments } from "./tables";

/**
 * Tells whether a Stripe call was made whose outcome is unknown. It names its tables explicitly: in a select from one
 * table Drizzle leaves the table out, and SQLite would take the inner table's columns.
 */
export const uncertain = sql<number>`exists (select 1 from ${stripeEffects} where ${stripeEffects}.aggregate_id = ${payments}.id
  and ${stripeEffects}.state = 'open' and ${stripeEffects}.attempts > 0)`;

/** A payment as readers see it. */
export interface PaymentView extends Payment {
  /** Whether a Stripe call has an unknown outcome; the clock asks Stripe. */
  uncertain: boolean;
}

/**
 * Statement: the payment that callers know by this id, of any developer: Stripe's id, or ours while Stripe has not
 * named it.
 */
export function selectPayment(db: Database, transactionId: string) {
  if (!isId(transactionId)) return selectPaymentByStripeId(db, transactionId);
  return db.select({ payment: payments, uncertain }).from(payments).where(eq(payments.id, transactionId));
}

/** Statement: the payment with this id at Stripe, of any developer. */
export function selectPaymentByStripeId(db: Database, stripeId: string) {
  return db
    .select({ payment: payments, uncertain })
    .from(stripeObjects)
    .innerJoin(payments, eq(payments.id, stripeObjects.aggregateId))
    .where(and(eq(stripeObjects.stripeId, stripeId), eq(payments.stripeId, stripeId)));
}

/** Statement: the refund with our id, of any developer. */
export function selectPaymentRefund(db: Database, id: string) {
  return db.select().from(paymentRefunds).where(eq(paymentRefunds.id, id));
}

/**
 * Statement: the payment of such a refund. It is not joined, because a batch returns columns of the same name as one.
 */
export function selectPaymentOfRefund(db: Database, id: string) {
  const refunded = db.select({ id: paymentRefunds.paymentId }).from(paymentRefunds).where(eq(paymentRefunds.id, id));
  return db.select().from(payments).where(inArray(payments.id, refunded));
}

/** Makes a payment as readers see it of a row. */
export function viewOf({ payment, uncertain: isUncertain }: { payment: Payment; uncertain: number }): PaymentView {
  return { ...payment, uncertain: isUncertain === 1 };
}
