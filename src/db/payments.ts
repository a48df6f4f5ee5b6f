import { and, asc, desc, eq, inArray, lt, not, sql } from "drizzle-orm";
import { isId } from "../domain/id";
import type { LedgerAccount } from "../domain/ledger";
import type { Database, Statement } from "./database";
import { orders, paymentDisputes, paymentRefunds, payments } from "./payment-tables";
import { outbox, postings, stripeEffects, stripeObjects } from "./schema";
import { type StripeEffect, selectEffects } from "./stripe-effects";
import { lastVersion } from "./testimonies";

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
    db
      .select({ sequence: sql<number>`coalesce(max(${outbox.sequence}), 0)` })
      .from(outbox)
      .where(eq(outbox.aggregateId, id)),
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

/**
 * Whether a call at Stripe was made whose outcome is not known (decisions P9). Names its columns by itself: in a select of
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
      .orderBy(desc(payments.id))
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
      .orderBy(desc(payments.id))
      .limit(limit),
  ]);
  return rows.map(viewOf);
}

/** A row as it is read, with what its calls say. */
export function viewOf({ payment, uncertain: isUncertain }: { payment: Payment; uncertain: number }): PaymentView {
  return { ...payment, uncertain: isUncertain === 1 };
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
