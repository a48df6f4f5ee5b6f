import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { payoutAccountStates } from "../../domain/account";
import { mailKinds } from "../../domain/offers/mail";
import { constraints } from "../constraints";

/* Clients and experts, their logins, and experts' payout accounts and debts. Conventions as in schema.ts. */

export interface Address {
  line1: string;
  line2: string | null;
  city: string;
  postalCode: string;
  country: string;
  firstName?: string | null;
  lastName?: string | null;
}
export interface Company {
  businessId: string;
  taxId: string;
  vatId: string | null;
}

export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    role: text("role", { enum: ["client", "expert"] }).notNull(),
    email: text("email").notNull(),
    passwordHash: text("password_hash").notNull(),
    phone: text("phone"),
    firstName: text("first_name"),
    lastName: text("last_name"),
    dateOfBirth: text("date_of_birth"),
    registrationNumber: text("registration_number"),
    billingAddress: text("billing_address", { mode: "json" }).$type<Address>(),
    shippingAddress: text("shipping_address", { mode: "json" }).$type<Address>(),
    company: text("company", { mode: "json" }).$type<Company>(),
    bankAccount: text("bank_account", { mode: "json" }).$type<{ iban: string }>(),
    regions: text("regions", { mode: "json" }).$type<string[]>(),
    emailVerified: integer("email_verified", { mode: "boolean" }).notNull(),
    newsletterSubscribedAt: integer("newsletter_subscribed_at"),
    termsAgreedAt: integer("terms_agreed_at").notNull(),
    /** Since when an operator keeps the user out. */
    suspendedAt: integer("suspended_at"),
    /**
     * The time at which the person was deleted: the row stays for the books, without personal data. The CHECK refuses a
     * deletion that writes 0, because something still waits (`deleteRow` of delete-user.ts). Triggers refuse a deleted
     * user's new testimonies, offers and payout accounts by the same name.
     */
    deletedAt: integer("deleted_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    index("users_by_phone").on(t.phone).where(sql`phone is not null`),
    check("users_deleted", sql`${t.deletedAt} > 0`),
  ]),
);

/** Directory: one user per e-mail, in lower case. */
export const userEmails = sqliteTable("user_emails", {
  email: text("email").primaryKey(),
  userId: text("user_id").notNull(),
});

/** Directory: the phones that were paid with, E.164, each with the user who did so first. Others may not use it. */
export const userPhones = sqliteTable("user_phones", {
  phone: text("phone").primaryKey(),
  userId: text("user_id").notNull(),
});

/** Directory: bearer tokens, by SHA-256. Each is a session of its user. Expired ones are purged. */
export const accessTokens = sqliteTable(
  "access_tokens",
  {
    hash: text("hash").primaryKey(),
    /** The session's name, which proves nothing. */
    id: text("id").notNull(),
    /** The first characters, by which a token is recognised without being known. */
    prefix: text("prefix").notNull(),
    userId: text("user_id").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    /** The last use, to the hour, and the network that it came from. */
    usedAt: integer("used_at").notNull(),
    network: text("network").notNull(),
  },
  constraints((t) => [index("access_tokens_expiry").on(t.expiresAt), index("access_tokens_of_user").on(t.userId)]),
);

/**
 * Mails to users, until they have expired. The secret of a link is in the mail only: each attempt to send has one of its
 * own, and the row their SHA-256.
 */
export const mails = sqliteTable(
  "mails",
  {
    userId: text("user_id").notNull(),
    /** The kind itself for a mail with a link: a newer one takes the place of the older. */
    id: text("id").notNull(),
    kind: text("kind", { enum: mailKinds }).notNull(),
    address: text("address").notNull(),
    linkHashes: text("link_hashes", { mode: "json" }).$type<string[]>().notNull(),
    attempts: integer("attempts").notNull(),
    createdAt: integer("created_at").notNull(),
    sentAt: integer("sent_at"),
    /** The time of the next attempt; of a mail that was sent, the time at which the row is deleted. */
    dueAt: integer("due_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    index("mails_due").on(t.dueAt).where(sql`sent_at is null`),
    index("mails_over").on(t.dueAt).where(sql`sent_at is not null`),
  ]),
);

/** Notifications of a user, newest first by id. Written in the batch of the change that they report. */
export const notifications = sqliteTable(
  "notifications",
  {
    userId: text("user_id").notNull(),
    id: text("id").notNull(),
    type: text("type").notNull(),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [primaryKey({ columns: [t.userId, t.id] })]),
);

/** The connected account that an expert's payouts go to. Aggregate: the expert. */
export const payoutAccounts = sqliteTable(
  "payout_accounts",
  {
    userId: text("user_id").primaryKey(),
    stripeAccountId: text("stripe_account_id"),
    country: text("country").notNull(),
    /** `creating` until Stripe has answered; then the state that Stripe reported last. */
    state: text("state", { enum: payoutAccountStates }).notNull(),
    requirements: text("requirements", { mode: "json" }).$type<string[]>().notNull(),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
    checkedAt: integer("checked_at"),
  },
  constraints((t) => [index("payout_accounts_due").on(t.dueAt).where(sql`due_at is not null`)]),
);

/** An expert's debt to us in one currency, because a payout could not be reversed. Aggregate: the expert. */
export const receivables = sqliteTable(
  "receivables",
  {
    userId: text("user_id").notNull(),
    currency: text("currency").notNull(),
    remainingMinor: integer("remaining_minor").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.userId, t.currency] }),
    index("receivables_owed").on(t.remainingMinor).where(sql`remaining_minor > 0`),
    check("receivables_remaining", sql`${t.remainingMinor} >= 0`),
  ]),
);

/** A change of a debt that a payout has caused (`raise`) or is netted with (`reserve`), numbered per payout. */
export const receivableEntries = sqliteTable(
  "receivable_entries",
  {
    userId: text("user_id").notNull(),
    payoutId: text("payout_id").notNull(),
    number: integer("number").notNull(),
    kind: text("kind", { enum: ["raise", "reserve", "release", "repay"] }).notNull(),
    amountMinor: integer("amount_minor").notNull(),
    at: integer("at").notNull(),
  },
  constraints((t) => [primaryKey({ columns: [t.userId, t.payoutId, t.number] })]),
);
