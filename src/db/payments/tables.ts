import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { disputeStates, refundStates } from "../../domain/money-back";
import { paymentStates } from "../../domain/payments/payment";
import { methodStates } from "../../domain/payments/payment-method";
import { constraints } from "../constraints";
import { appUsers } from "./developer-tables";

/*
 * The tables of the payments contract: orders, payments, refunds, disputes and payment methods. Conventions as in
 * schema.ts.
 */

/** An order's amount, and the account on which it is paid. Aggregate: the order's own id. */
export const orders = sqliteTable(
  "orders",
  {
    developerId: text("developer_id").notNull(),
    appId: text("app_id").notNull(),
    orderId: text("order_id").notNull(),
    id: text("id").notNull(),
    state: text("state", { enum: ["open", "cancelled"] }).notNull(),
    /** 1 until somebody begins to pay it or it is cancelled; null afterwards. */
    waiting: integer("waiting"),
    /** Our id, then Stripe's. */
    accountId: text("account_id").notNull(),
    stripeAccountId: text("stripe_account_id").notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    applicationFeeMinor: integer("application_fee_minor").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [
    // The order's id comes first, so that an operator finds an order whose app is not known.
    primaryKey({ columns: [t.orderId, t.developerId, t.appId] }),
    index("orders_waiting").on(t.developerId, t.appId, t.createdAt).where(sql`waiting = 1`),
  ]),
);

/** The reason for which Stripe refused the last attempt to pay. */
export interface PaymentError {
  code: string;
  declineCode: string | null;
  message: string;
}

/**
 * The condition of a payment that waits for its shopper. SQLite uses the partial indexes only for exactly this text.
 */
export const unpaid = "state in ('requires_payment_method', 'requires_confirmation', 'requires_action')";

/** One PaymentIntent on a connected account, for one order. Aggregate: the payment. */
export const payments = sqliteTable(
  "payments",
  {
    id: text("id").primaryKey(),
    developerId: text("developer_id").notNull(),
    appId: text("app_id").notNull(),
    userId: text("user_id").notNull(),
    orderId: text("order_id").notNull(),
    /** Our id, then Stripe's. */
    accountId: text("account_id").notNull(),
    stripeAccountId: text("stripe_account_id").notNull(),
    state: text("state", { enum: paymentStates }).notNull(),
    captureMethod: text("capture_method", { enum: ["automatic", "manual"] }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    applicationFeeMinor: integer("application_fee_minor").notNull(),
    /** The caller's words about it, for Stripe and for the views. */
    description: text("description"),
    statementDescriptorSuffix: text("statement_descriptor_suffix"),
    receiptEmail: text("receipt_email"),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>(),
    /**
     * Its place among the payments that count for its order; null while it does not. A new one takes the first place,
     * so there can be none while another has it. A payment whose money comes back takes the next free place.
     */
    live: integer("live"),
    stripeId: text("stripe_id"),
    clientSecret: text("client_secret"),
    /** Stripe's id of the method that was used last. */
    paymentMethodId: text("payment_method_id"),
    chargeId: text("charge_id"),
    capturedMinor: integer("captured_minor").notNull(),
    /** The sum of the refunds that have not failed, the pending ones included. */
    refundedMinor: integer("refunded_minor").notNull(),
    /** The end of the authorization. */
    captureBefore: integer("capture_before"),
    /** The time at which that end was announced. */
    warnedAt: integer("warned_at"),
    nextAction: text("next_action", { mode: "json" }).$type<Record<string, unknown>>(),
    lastError: text("last_error", { mode: "json" }).$type<PaymentError>(),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [
    // Nulls differ from each other: many payments of an order may be over, and only one can have the first place.
    uniqueIndex("payments_of_order").on(t.orderId, t.developerId, t.appId, t.live),
    index("payments_of_app").on(t.developerId, t.appId, t.id),
    index("payments_of_charge").on(t.chargeId).where(sql`charge_id is not null`),
    // The clock checks payments that move money before those that a shopper has left unpaid.
    index("payments_due")
      .on(t.dueAt)
      .where(sql`due_at is not null and not ${sql.raw(unpaid)}`),
    index("payments_unpaid_due")
      .on(t.dueAt)
      .where(sql`due_at is not null and ${sql.raw(unpaid)}`),
    check("payments_captured", sql`${t.capturedMinor} between 0 and ${t.amountMinor}`),
    check("payments_refunded", sql`${t.refundedMinor} between 0 and ${t.capturedMinor}`),
  ]),
);

/** A refund, or the release of an authorization. It has its id from the moment it is requested. */
export const paymentRefunds = sqliteTable(
  "payment_refunds",
  {
    paymentId: text("payment_id")
      .notNull()
      .references(() => payments.id),
    id: text("id").notNull(),
    /** The payment's app, which lists its refunds. */
    appId: text("app_id").notNull(),
    /** `release` moves no money, because nothing was captured. `at_stripe` was made out-of-band. */
    kind: text("kind", { enum: ["refund", "release", "at_stripe"] }).notNull(),
    /** `claimed` until Stripe has answered; then the state that Stripe reported last. */
    state: text("state", { enum: refundStates }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    reason: text("reason"),
    stripeId: text("stripe_id"),
    failure: text("failure"),
    /** Stripe's reason for not having made it yet, as it words it. */
    pendingReason: text("pending_reason"),
    /** The request that caused it, so that a repeated request finds it. */
    requestKey: text("request_key"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.paymentId, t.id] }),
    uniqueIndex("payment_refunds_by_id").on(t.id),
    index("payment_refunds_of_app").on(t.appId, t.id),
    index("payment_refunds_by_stripe_id").on(t.stripeId).where(sql`stripe_id is not null`),
  ]),
);

/** Disputes at Stripe about payments on connected accounts. */
export const paymentDisputes = sqliteTable(
  "payment_disputes",
  {
    paymentId: text("payment_id")
      .notNull()
      .references(() => payments.id),
    stripeId: text("stripe_id").notNull(),
    /** The payment's app, which lists its disputes. */
    appId: text("app_id").notNull(),
    state: text("state", { enum: disputeStates }).notNull(),
    /** The cardholder's reason, in Stripe's words. */
    reason: text("reason").notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    /** The time until which it can be answered at Stripe. */
    dueBy: integer("due_by"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.paymentId, t.stripeId] }),
    index("payment_disputes_by_stripe_id").on(t.stripeId),
    index("payment_disputes_of_app").on(t.appId, t.createdAt, t.stripeId),
  ]),
);

/**
 * A shopper's customer at Stripe: one on the platform (`stripe_account_id` is empty), one on each account. Aggregate:
 * the shopper.
 */
export const customers = sqliteTable(
  "customers",
  {
    userId: text("user_id").notNull(),
    stripeAccountId: text("stripe_account_id").notNull(),
    stripeId: text("stripe_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.userId, t.stripeAccountId] }),
    // Not unique, because two accounts may use one id.
    index("customers_by_stripe_id").on(t.stripeId),
  ]),
);

/** A shopper's payment method (src/guides/decisions.md#payment-methods), without its number. Aggregate: the shopper. */
export const paymentMethods = sqliteTable(
  "payment_methods",
  {
    userId: text("user_id").notNull(),
    id: text("id").notNull(),
    developerId: text("developer_id").notNull(),
    appId: text("app_id").notNull(),
    /** Our id, then Stripe's; null and empty for a method of the platform. */
    accountId: text("account_id"),
    stripeAccountId: text("stripe_account_id").notNull(),
    /** The form in which it was given: a method, or a token that was exchanged for one. */
    type: text("type", { enum: ["card", "token"] }).notNull(),
    state: text("state", { enum: methodStates }).notNull(),
    /** The id in the request: a method's or a token's. */
    givenId: text("given_id").notNull(),
    stripeId: text("stripe_id"),
    fingerprint: text("fingerprint"),
    brand: text("brand"),
    last4: text("last4"),
    expMonth: integer("exp_month"),
    expYear: integer("exp_year"),
    preferred: integer("preferred", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    uniqueIndex("payment_methods_by_id").on(t.id),
    uniqueIndex("payment_methods_preferred").on(t.userId).where(sql`preferred = 1`),
    uniqueIndex("payment_methods_card")
      .on(t.userId, t.stripeAccountId, t.fingerprint)
      .where(sql`state = 'active' and fingerprint is not null`),
    foreignKey({ columns: [t.userId], foreignColumns: [appUsers.id] }),
  ]),
);
