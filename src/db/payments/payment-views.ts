import { and, desc, eq, inArray, lt, not, sql } from "drizzle-orm";
import { isId } from "../../domain/id";
import type { Database } from "../database";
import { stripeEffects, stripeObjects } from "../schema";
import type { Payment } from "./payments";
import { paymentRefunds, payments } from "./tables";

/**
 * Tells whether a Stripe call was made whose outcome is unknown. It names its tables explicitly: in a select from one
 * table Drizzle leaves the table out, and SQLite would take the inner table's columns.
 */
const uncertain = sql<number>`exists (select 1 from ${stripeEffects} where ${stripeEffects}.aggregate_id = ${payments}.id
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

/** The filters of a list of payments. */
export interface PaymentFilter {
  developerId: string;
  appId: string;
  userId?: string | undefined;
  orderId?: string | undefined;
  /** The state as it is shown: `unknown`, whatever the state, while a call has an unknown outcome. */
  status?: Payment["state"] | "unknown" | undefined;
}

function matches({ developerId, appId, userId, orderId, status }: PaymentFilter) {
  return and(
    eq(payments.developerId, developerId),
    eq(payments.appId, appId),
    userId === undefined ? undefined : eq(payments.userId, userId),
    orderId === undefined ? undefined : eq(payments.orderId, orderId),
    status === undefined ? undefined : hasStatus(status),
  );
}

function hasStatus(status: Payment["state"] | "unknown") {
  return status === "unknown" ? uncertain : and(eq(payments.state, status), not(uncertain));
}

/**
 * Sorts newest first. The plus keeps SQLite from reading all payments of the app when only one order's few are wanted.
 */
function newestFirst({ orderId }: PaymentFilter) {
  return orderId === undefined ? desc(payments.id) : sql`+${payments.id} desc`;
}

/** Reads a page of an app's payments, newest first, by page number, with the total. */
export async function pageOfPayments(
  db: Database,
  filter: PaymentFilter,
  { page, perPage }: { page: number; perPage: number },
): Promise<{ rows: PaymentView[]; total: number }> {
  const [rows, [counted]] = await db.batch([
    db
      .select({ payment: payments, uncertain })
      .from(payments)
      .where(matches(filter))
      .orderBy(newestFirst(filter))
      .limit(perPage)
      .offset((page - 1) * perPage),
    db.select({ total: sql<number>`count(*)` }).from(payments).where(matches(filter)),
  ]);
  return { rows: rows.map(viewOf), total: counted?.total ?? 0 };
}

/**
 * Reads the payments after a cursor, which is our id of the last payment seen: nothing is skipped or repeated while
 * payments are made.
 */
export async function paymentsAfter(
  db: Database,
  filter: PaymentFilter,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<PaymentView[]> {
  const [rows] = await db.batch([
    db
      .select({ payment: payments, uncertain })
      .from(payments)
      .where(and(matches(filter), after === undefined ? undefined : lt(payments.id, after)))
      .orderBy(newestFirst(filter))
      .limit(limit),
  ]);
  return rows.map(viewOf);
}

/** Makes a payment as readers see it of a row. */
export function viewOf({ payment, uncertain: isUncertain }: { payment: Payment; uncertain: number }): PaymentView {
  return { ...payment, uncertain: isUncertain === 1 };
}
