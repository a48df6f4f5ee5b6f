import { and, desc, eq, inArray, lt, not, sql } from "drizzle-orm";
import { isId } from "../domain/id";
import type { Database } from "./database";
import { paymentRefunds, payments } from "./payment-tables";
import type { Payment } from "./payments";
import { stripeEffects, stripeObjects } from "./schema";

/**
 * Whether a call at Stripe was made whose outcome is not known. Names its columns by itself: in a select of
 * one table they would be written without it, and those of the inner table would be meant.
 */
const uncertain = sql<number>`exists (select 1 from ${stripeEffects} where ${stripeEffects}.aggregate_id = ${payments}.id
  and ${stripeEffects}.state = 'open' and ${stripeEffects}.attempts > 0)`;

/** A payment as readers see it. */
export interface PaymentView extends Payment {
  /** A call at Stripe has an unknown outcome; the clock asks Stripe. */
  uncertain: boolean;
}

/** The payment that callers know by this id, whoever's it is: Stripe's, or ours while Stripe has not named it. */
export function selectPayment(db: Database, transactionId: string) {
  if (!isId(transactionId)) return selectPaymentByStripeId(db, transactionId);
  return db.select({ payment: payments, uncertain }).from(payments).where(eq(payments.id, transactionId));
}

/** The payment with this id at Stripe, whoever's it is. */
export function selectPaymentByStripeId(db: Database, stripeId: string) {
  return db
    .select({ payment: payments, uncertain })
    .from(stripeObjects)
    .innerJoin(payments, eq(payments.id, stripeObjects.aggregateId))
    .where(and(eq(stripeObjects.stripeId, stripeId), eq(payments.stripeId, stripeId)));
}

/** The refund with our id, whoever's it is. */
export function selectPaymentRefund(db: Database, id: string) {
  return db.select().from(paymentRefunds).where(eq(paymentRefunds.id, id));
}

/** The payment of such a refund. Not joined: in a batch, columns of one name would be one. */
export function selectPaymentOfRefund(db: Database, id: string) {
  const refunded = db.select({ id: paymentRefunds.paymentId }).from(paymentRefunds).where(eq(paymentRefunds.id, id));
  return db.select().from(payments).where(inArray(payments.id, refunded));
}

/** What a list of payments may be narrowed by. */
export interface PaymentFilter {
  developerId: string;
  appId: string;
  userId?: string | undefined;
  orderId?: string | undefined;
  /** As it is shown: `unknown` whatever its state while a call has an unknown outcome. */
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

/** Newest first. The plus keeps SQLite from walking all payments of the app where one order's few are asked for. */
function newestFirst({ orderId }: PaymentFilter) {
  return orderId === undefined ? desc(payments.id) : sql`+${payments.id} desc`;
}

/** A page of an app's payments, newest first, by page number: with the total, as the reference has it. */
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

/** The same after a cursor, our id of the last payment seen: nothing is skipped or repeated while payments are made. */
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

/** A row as it is read, with what its calls say. */
export function viewOf({ payment, uncertain: isUncertain }: { payment: Payment; uncertain: number }): PaymentView {
  return { ...payment, uncertain: isUncertain === 1 };
}
