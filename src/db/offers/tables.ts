import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { disputeStates, refundStates } from "../../domain/money-back";
import { checkoutStates } from "../../domain/offers/checkout";
import { type HoldReason, payoutStates } from "../../domain/offers/payout";
import { awaitedReleases } from "../../domain/offers/release";
import { storedTestimonyStates } from "../../domain/offers/testimony";
import { constraints } from "../constraints";
import type { Address, Company } from "./people-tables";

/* The tables of the offers contract. Everything belongs to a testimony, the root. Conventions as in schema.ts. */

export const testimonies = sqliteTable(
  "testimonies",
  {
    id: text("id").primaryKey(),
    state: text("state", { enum: storedTestimonyStates }).notNull(),
    clientId: text("client_id").notNull(),
    expertId: text("expert_id"),
    acceptedOfferId: text("accepted_offer_id"),
    priceMinor: integer("price_minor"),
    purpose: text("purpose").notNull(),
    region: text("region"),
    realEstate: text("real_estate", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    notes: text("notes"),
    cancellationReason: text("cancellation_reason"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    index("testimonies_of_client").on(t.clientId, t.id),
    index("testimonies_of_expert").on(t.expertId, t.id).where(sql`expert_id is not null`),
    index("testimonies_offerable").on(t.region, t.id).where(sql`state = 'pending'`),
  ]),
);

export const offers = sqliteTable(
  "offers",
  {
    testimonyId: text("testimony_id")
      .notNull()
      .references(() => testimonies.id),
    id: text("id").notNull(),
    expertId: text("expert_id").notNull(),
    priceMinor: integer("price_minor").notNull(),
    commissionBasisPoints: integer("commission_basis_points").notNull(),
    deliveryDays: integer("delivery_days").notNull(),
    notes: text("notes"),
    /** The time from which no page is opened for it any more; null if it has no end. */
    validUntil: integer("valid_until"),
    acceptedAt: integer("accepted_at"),
    withdrawnAt: integer("withdrawn_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    uniqueIndex("offers_by_id").on(t.id),
    index("offers_of_expert").on(t.expertId, t.id),
    uniqueIndex("offers_live_of_expert").on(t.testimonyId, t.expertId).where(sql`withdrawn_at is null`),
  ]),
);

export interface CheckoutInput {
  /** The e-mail that the page is opened with; absent on a checkout that began before pages had one. */
  email?: string;
  phone: string;
  firstName: string;
  lastName: string;
  billingAddress: Address;
  shippingAddress: Address;
  company: Company | null;
}

export const checkouts = sqliteTable(
  "checkouts",
  {
    testimonyId: text("testimony_id").notNull(),
    id: text("id").notNull(),
    offerId: text("offer_id").notNull(),
    clientId: text("client_id").notNull(),
    state: text("state", { enum: checkoutStates }).notNull(),
    currency: text("currency").notNull(),
    priceMinor: integer("price_minor").notNull(),
    commissionMinor: integer("commission_minor").notNull(),
    totalMinor: integer("total_minor").notNull(),
    commissionBasisPoints: integer("commission_basis_points").notNull(),
    input: text("input", { mode: "json" }).$type<CheckoutInput>().notNull(),
    /** 1 while this is the only payable session of its client and offer; null afterwards. */
    payable: integer("payable"),
    sessionId: text("session_id"),
    url: text("url"),
    expiresAt: integer("expires_at").notNull(),
    paymentIntentId: text("payment_intent_id"),
    chargeId: text("charge_id"),
    feeMinor: integer("fee_minor"),
    /** The sum that an operator has decided to refund while the acceptance remains valid. */
    returnedMinor: integer("returned_minor").notNull().default(0),
    /** The sum of our refunds that have not failed: it can never exceed what was paid. */
    refundedMinor: integer("refunded_minor").notNull().default(0),
    /** The reason for which the money is returned without an acceptance. */
    returnReason: text("return_reason", { enum: ["offer_unavailable", "payment_returned"] }),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    check("checkouts_returned", sql`${t.returnedMinor} between 0 and ${t.totalMinor}`),
    check("checkouts_refunded", sql`${t.refundedMinor} between 0 and ${t.totalMinor}`),
    foreignKey({ columns: [t.testimonyId, t.offerId], foreignColumns: [offers.testimonyId, offers.id] }),
    uniqueIndex("checkouts_by_id").on(t.id),
    uniqueIndex("checkouts_payable").on(t.testimonyId, t.offerId, t.clientId).where(sql`payable = 1`),
    // The clock checks paid sessions before pages that were only opened.
    index("checkouts_due").on(t.dueAt).where(sql`due_at is not null and state <> 'open'`),
    index("checkouts_open_due").on(t.dueAt).where(sql`due_at is not null and state = 'open'`),
  ]),
);

export const payouts = sqliteTable(
  "payouts",
  {
    testimonyId: text("testimony_id").notNull(),
    id: text("id").notNull(),
    checkoutId: text("checkout_id").notNull(),
    expertId: text("expert_id").notNull(),
    state: text("state", { enum: payoutStates }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    /** The part that pays off the expert's debt to us; the transfer is for the rest. */
    nettedMinor: integer("netted_minor").notNull(),
    /** The part of the price that the expert will not receive: returned to the client, or written off. */
    loweredMinor: integer("lowered_minor").notNull().default(0),
    /** All reasons for which it waits. */
    holds: text("holds", { mode: "json" }).$type<HoldReason[]>().notNull().default([]),
    /** The part of the charge's money that an operator has accepted as gone: it does not hold the payout any more. */
    acceptedGoneMinor: integer("accepted_gone_minor").notNull().default(0),
    /** The event that releases it, as PAYOUT_RELEASE said at acceptance; null if it waits for none. */
    releaseOn: text("release_on", { enum: awaitedReleases }),
    releaseAt: integer("release_at"),
    /**
     * The time since which it is held without a break; null while it is not held, and while it waits for its release.
     */
    heldSince: integer("held_since"),
    /**
     * The part that the charge still held when it was last looked up: more cannot be released. Null if nobody has
     * looked.
     */
    coveredMinor: integer("covered_minor"),
    /** The reason of its failure. */
    reason: text("reason"),
    /** The amount of the transfer. */
    sentMinor: integer("sent_minor").notNull().default(0),
    transferId: text("transfer_id"),
    reversedMinor: integer("reversed_minor").notNull(),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    check("payouts_lowered", sql`${t.loweredMinor} between 0 and ${t.amountMinor}`),
    foreignKey({ columns: [t.testimonyId, t.checkoutId], foreignColumns: [checkouts.testimonyId, checkouts.id] }),
    uniqueIndex("payouts_by_id").on(t.id),
    // One payout for one payment, so that a second acceptance cannot pay anybody twice.
    uniqueIndex("payouts_of_checkout").on(t.testimonyId, t.checkoutId),
    index("payouts_due").on(t.dueAt).where(sql`due_at is not null`),
    index("payouts_held").on(t.expertId).where(sql`state = 'held'`),
    index("payouts_held_since").on(t.heldSince).where(sql`state = 'held'`),
  ]),
);

export const refunds = sqliteTable(
  "refunds",
  {
    testimonyId: text("testimony_id").notNull(),
    id: text("id").notNull(),
    checkoutId: text("checkout_id").notNull(),
    /** `claimed` until Stripe has answered; then the state that Stripe reported last. */
    state: text("state", { enum: refundStates }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    reason: text("reason").notNull(),
    stripeId: text("stripe_id"),
    failure: text("failure"),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    foreignKey({ columns: [t.testimonyId, t.checkoutId], foreignColumns: [checkouts.testimonyId, checkouts.id] }),
    uniqueIndex("refunds_by_id").on(t.id),
    index("refunds_due").on(t.dueAt).where(sql`due_at is not null`),
  ]),
);

/** Disputes at Stripe about our charges (src/guides/decisions.md#made-at-stripe). */
export const disputes = sqliteTable(
  "disputes",
  {
    testimonyId: text("testimony_id").notNull(),
    stripeId: text("stripe_id").notNull(),
    checkoutId: text("checkout_id").notNull(),
    state: text("state", { enum: disputeStates }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    feeMinor: integer("fee_minor").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.testimonyId, t.stripeId] }),
    foreignKey({ columns: [t.testimonyId, t.checkoutId], foreignColumns: [checkouts.testimonyId, checkouts.id] }),
  ]),
);
