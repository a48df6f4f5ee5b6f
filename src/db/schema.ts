import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/*
 * STRICT and WITHOUT ROWID are added to the generated migrations: every table here has a key of its own.
 * Times are milliseconds since 1970. Money is integer minor units. Rows of an aggregate start their key with its id.
 * `due_at` is when the sweep looks at a row again; null means that nothing is left to do.
 */

// --- The core: shared by every dialect ------------------------------------------------------------------------------

/** Every change of every aggregate, once. The key is the guard: a lost race fails as a whole. Kept for ever. */
export const journal = sqliteTable(
  "journal",
  {
    aggregateId: text("aggregate_id").notNull(),
    version: integer("version").notNull(),
    /** Made by the caller: tells whether a commit that reported an error was written after all. */
    changeId: text("change_id").notNull(),
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    actor: text("actor").notNull(),
    at: integer("at").notNull(),
    requestId: text("request_id").notNull(),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.aggregateId, t.version] })],
);

/** Double entry: the lines of one change sum to zero per currency. Immutable by trigger. Kept for ever. */
export const postings = sqliteTable(
  "postings",
  {
    aggregateId: text("aggregate_id").notNull(),
    version: integer("version").notNull(),
    line: integer("line").notNull(),
    tenant: text("tenant").notNull(),
    account: text("account").notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    /** The Stripe object that moved the money, where one did. */
    reference: text("reference"),
    at: integer("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.aggregateId, t.version, t.line] })],
);

/** What the world is told, in order and without gaps, per aggregate. */
export const outbox = sqliteTable(
  "outbox",
  {
    aggregateId: text("aggregate_id").notNull(),
    sequence: integer("sequence").notNull(),
    /** The event's own id, the same in every delivery. */
    id: text("id").notNull(),
    version: integer("version").notNull(),
    tenant: text("tenant").notNull(),
    type: text("type").notNull(),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    at: integer("at").notNull(),
    /** When the data was emptied at somebody's request. */
    erasedAt: integer("erased_at"),
  },
  (t) => [primaryKey({ columns: [t.aggregateId, t.sequence] })],
);

/** One request under one key of one caller (decisions X5). Purged after 24 hours. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    caller: text("caller").notNull(),
    operation: text("operation").notNull(),
    key: text("key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    /** Which claim holds the key: a claim that was left behind is taken over, and its late commit fails. */
    claimId: text("claim_id").notNull(),
    claimedAt: integer("claimed_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    /** The claim that finished; the CHECK makes the late commit of a claim that lost the key fail as a whole. */
    doneBy: text("done_by"),
    /** The operation's result as data; null while it runs. */
    result: text("result", { mode: "json" }).$type<unknown>(),
  },
  (t) => [
    primaryKey({ columns: [t.caller, t.operation, t.key] }),
    index("idempotency_keys_expiry").on(t.expiresAt),
    check("idempotency_keys_done_by_claim", sql`${t.doneBy} is null or ${t.doneBy} = ${t.claimId}`),
  ],
);

/** Every call at Stripe that changes something, claimed before it is made, with the exact parameters. Kept for ever. */
export const stripeEffects = sqliteTable(
  "stripe_effects",
  {
    aggregateId: text("aggregate_id").notNull(),
    id: text("id").notNull(),
    kind: text("kind").notNull(),
    /** The checkout, payout, refund or account that this call is for. */
    subjectId: text("subject_id").notNull(),
    params: text("params", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    state: text("state", { enum: ["open", "done", "refused"] }).notNull(),
    /** Part of the idempotency key at Stripe; goes up only after Stripe was asked what exists. */
    generation: integer("generation").notNull(),
    attempts: integer("attempts").notNull(),
    /** When the present generation was first sent: Stripe forgets its key a day later. */
    sentAt: integer("sent_at"),
    dueAt: integer("due_at"),
    resultId: text("result_id"),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.aggregateId, t.id] }),
    index("stripe_effects_due").on(t.dueAt).where(sql`due_at is not null`),
  ],
);

/** Events as Stripe sent them, deduplicated on processed. Payloads are purged after 30 days. */
export const stripeEvents = sqliteTable(
  "stripe_events",
  {
    id: text("id").primaryKey(),
    account: text("account"),
    type: text("type").notNull(),
    objectId: text("object_id").notNull(),
    /** The aggregate that it turned out to be about. */
    aggregateId: text("aggregate_id"),
    payload: text("payload").notNull(),
    state: text("state", { enum: ["received", "processed", "dead"] }).notNull(),
    attempts: integer("attempts").notNull(),
    dueAt: integer("due_at"),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
    receivedAt: integer("received_at").notNull(),
    processedAt: integer("processed_at"),
  },
  (t) => [
    index("stripe_events_due").on(t.dueAt).where(sql`due_at is not null`),
    index("stripe_events_dead").on(t.receivedAt).where(sql`state = 'dead'`),
    index("stripe_events_of_aggregate").on(t.aggregateId).where(sql`aggregate_id is not null`),
  ],
);

/** Directory: which aggregate an object at Stripe belongs to. Joined by no money statement. */
export const stripeObjects = sqliteTable("stripe_objects", {
  stripeId: text("stripe_id").primaryKey(),
  aggregateId: text("aggregate_id").notNull(),
  subjectId: text("subject_id").notNull(),
});

/** How far the pages of Stripe's event list were read. One row a cursor. */
export const cursors = sqliteTable("cursors", {
  name: text("name").primaryKey(),
  value: integer("value").notNull(),
});

// --- People -----------------------------------------------------------------------------------------------------------

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

export const users = sqliteTable("users", {
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
  createdAt: integer("created_at").notNull(),
});

/** Directory: one user per e-mail, lower case. */
export const userEmails = sqliteTable("user_emails", {
  email: text("email").primaryKey(),
  userId: text("user_id").notNull(),
});

/** Directory: one user per phone, E.164. */
export const userPhones = sqliteTable("user_phones", {
  phone: text("phone").primaryKey(),
  userId: text("user_id").notNull(),
});

/** Directory: bearer tokens, by SHA-256. Expired ones are purged. */
export const accessTokens = sqliteTable(
  "access_tokens",
  {
    hash: text("hash").primaryKey(),
    /** The first characters, to recognise a token without knowing it. */
    prefix: text("prefix").notNull(),
    userId: text("user_id").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (t) => [index("access_tokens_expiry").on(t.expiresAt)],
);

/** Told to a user, newest first by id. Written in the batch of the change that it tells. */
export const notifications = sqliteTable(
  "notifications",
  {
    userId: text("user_id").notNull(),
    id: text("id").notNull(),
    type: text("type").notNull(),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.id] })],
);

/** The connected account that an expert is paid on. Aggregate: the expert. */
export const payoutAccounts = sqliteTable(
  "payout_accounts",
  {
    userId: text("user_id").primaryKey(),
    stripeAccountId: text("stripe_account_id"),
    country: text("country").notNull(),
    /** `creating` until Stripe has answered; then what Stripe said last. */
    state: text("state", { enum: ["creating", "incomplete", "under_review", "ready", "paused", "failed"] }).notNull(),
    requirements: text("requirements", { mode: "json" }).$type<string[]>().notNull(),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
    checkedAt: integer("checked_at"),
  },
  (t) => [index("payout_accounts_due").on(t.dueAt).where(sql`due_at is not null`)],
);

/** What an expert owes us in one currency, because a payout could not be taken back (decisions O10). Aggregate: the expert. */
export const receivables = sqliteTable(
  "receivables",
  {
    userId: text("user_id").notNull(),
    currency: text("currency").notNull(),
    remainingMinor: integer("remaining_minor").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.currency] }),
    check("receivables_remaining", sql`${t.remainingMinor} >= 0`),
  ],
);

/** A change of a receivable, unique by the payout that caused it (`raise`) or is netted with it (`reserve`). */
export const receivableEntries = sqliteTable(
  "receivable_entries",
  {
    userId: text("user_id").notNull(),
    payoutId: text("payout_id").notNull(),
    kind: text("kind", { enum: ["raise", "reserve", "release", "repay"] }).notNull(),
    amountMinor: integer("amount_minor").notNull(),
    at: integer("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.payoutId, t.kind] })],
);

// --- Offers: everything below hangs on a testimony, the root ------------------------------------------------------------

export const testimonies = sqliteTable(
  "testimonies",
  {
    id: text("id").primaryKey(),
    state: text("state", { enum: ["pending", "offered", "accepted", "completed", "cancelled"] }).notNull(),
    clientId: text("client_id").notNull(),
    expertId: text("expert_id"),
    acceptedOfferId: text("accepted_offer_id"),
    priceMinor: integer("price_minor"),
    purpose: text("purpose").notNull(),
    region: text("region"),
    realEstate: text("real_estate", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    notes: text("notes"),
    cancellationReason: text("cancellation_reason"),
    /** Why an operator must look; null when nobody must. */
    needsAttention: text("needs_attention"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    index("testimonies_of_client").on(t.clientId, t.id),
    index("testimonies_of_expert").on(t.expertId, t.id).where(sql`expert_id is not null`),
    index("testimonies_offerable").on(t.region, t.id).where(sql`state = 'pending'`),
    index("testimonies_attention").on(t.id).where(sql`needs_attention is not null`),
  ],
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
    acceptedAt: integer("accepted_at"),
    withdrawnAt: integer("withdrawn_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    uniqueIndex("offers_by_id").on(t.id),
    uniqueIndex("offers_live_of_expert").on(t.testimonyId, t.expertId).where(sql`withdrawn_at is null`),
  ],
);

export interface CheckoutInput {
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
    state: text("state", {
      enum: [
        "claimed",
        "open",
        "processing",
        "accepted",
        "returning",
        "returned",
        "return_failed",
        "expired",
        "failed",
      ],
    }).notNull(),
    currency: text("currency").notNull(),
    priceMinor: integer("price_minor").notNull(),
    commissionMinor: integer("commission_minor").notNull(),
    totalMinor: integer("total_minor").notNull(),
    commissionBasisPoints: integer("commission_basis_points").notNull(),
    input: text("input", { mode: "json" }).$type<CheckoutInput>().notNull(),
    /** 1 while this is the one payable session of its client and offer; null afterwards. */
    payable: integer("payable"),
    sessionId: text("session_id"),
    url: text("url"),
    expiresAt: integer("expires_at").notNull(),
    paymentIntentId: text("payment_intent_id"),
    chargeId: text("charge_id"),
    feeMinor: integer("fee_minor"),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    foreignKey({ columns: [t.testimonyId, t.offerId], foreignColumns: [offers.testimonyId, offers.id] }),
    uniqueIndex("checkouts_payable").on(t.testimonyId, t.offerId, t.clientId).where(sql`payable = 1`),
    index("checkouts_due").on(t.dueAt).where(sql`due_at is not null`),
  ],
);

export const payouts = sqliteTable(
  "payouts",
  {
    testimonyId: text("testimony_id").notNull(),
    id: text("id").notNull(),
    checkoutId: text("checkout_id").notNull(),
    expertId: text("expert_id").notNull(),
    state: text("state", {
      enum: ["due", "held", "sending", "paid", "reversing", "reversed", "cancelled", "failed"],
    }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    /** The part that pays off what the expert owes us; the transfer is for the rest. */
    nettedMinor: integer("netted_minor").notNull(),
    reason: text("reason"),
    transferId: text("transfer_id"),
    reversedMinor: integer("reversed_minor").notNull(),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    foreignKey({ columns: [t.testimonyId, t.checkoutId], foreignColumns: [checkouts.testimonyId, checkouts.id] }),
    // One payout for one payment: a second acceptance cannot pay anybody twice.
    uniqueIndex("payouts_of_checkout").on(t.testimonyId, t.checkoutId),
    index("payouts_due").on(t.dueAt).where(sql`due_at is not null`),
    index("payouts_held").on(t.expertId).where(sql`state = 'held'`),
  ],
);

export const refunds = sqliteTable(
  "refunds",
  {
    testimonyId: text("testimony_id").notNull(),
    id: text("id").notNull(),
    checkoutId: text("checkout_id").notNull(),
    state: text("state", { enum: ["claimed", "pending", "succeeded", "failed"] }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    reason: text("reason").notNull(),
    stripeId: text("stripe_id"),
    failure: text("failure"),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testimonyId, t.id] }),
    foreignKey({ columns: [t.testimonyId, t.checkoutId], foreignColumns: [checkouts.testimonyId, checkouts.id] }),
    uniqueIndex("refunds_live").on(t.testimonyId, t.checkoutId).where(sql`state <> 'failed'`),
    index("refunds_due").on(t.dueAt).where(sql`due_at is not null`),
  ],
);

/** Disputes at Stripe about our charges (decisions O14). */
export const disputes = sqliteTable(
  "disputes",
  {
    testimonyId: text("testimony_id").notNull(),
    stripeId: text("stripe_id").notNull(),
    checkoutId: text("checkout_id").notNull(),
    state: text("state", { enum: ["open", "won", "lost"] }).notNull(),
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    feeMinor: integer("fee_minor").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.testimonyId, t.stripeId] }),
    foreignKey({ columns: [t.testimonyId, t.checkoutId], foreignColumns: [checkouts.testimonyId, checkouts.id] }),
  ],
);

// --- Who is told: outbound webhooks -------------------------------------------------------------------------------------

/** Where events are sent. Aggregate: the endpoint. */
export const webhookEndpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: text("id").primaryKey(),
    /** `operator`, or the id of the developer or application whose events these are. */
    owner: text("owner").notNull(),
    wire: text("wire", { enum: ["standard", "transfers"] }).notNull(),
    url: text("url").notNull(),
    description: text("description"),
    /** Event types, or `*`. */
    events: text("events", { mode: "json" }).$type<string[]>().notNull(),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>().notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    disabledReason: text("disabled_reason"),
    /** Sealed: it must be readable to sign (decisions X7). The previous one signs too until its time is over. */
    secret: text("secret").notNull(),
    previousSecret: text("previous_secret"),
    previousSecretUntil: integer("previous_secret_until"),
    /** Since when every attempt has failed; null when the last one did not. */
    failingSince: integer("failing_since"),
    warnedAt: integer("warned_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [index("webhook_endpoints_of_owner").on(t.owner, t.id)],
);

/** One event for one endpoint. Purged 30 days after its end, with its attempts. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    endpointId: text("endpoint_id").notNull(),
    /** The event's id. */
    eventId: text("event_id").notNull(),
    /** Where the event is in the outbox: the body is made of that row, the same for every attempt. */
    aggregateId: text("aggregate_id").notNull(),
    sequence: integer("sequence").notNull(),
    type: text("type").notNull(),
    state: text("state", { enum: ["pending", "delivered", "failed"] }).notNull(),
    /** 1 while it is sent again at somebody's request: one attempt, whatever the endpoint's state, outside its health. */
    replay: integer("replay", { mode: "boolean" }).notNull(),
    attempts: integer("attempts").notNull(),
    /** The next attempt; after the end, when the row is purged. */
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.endpointId, t.eventId] }),
    index("webhook_deliveries_due").on(t.dueAt).where(sql`due_at is not null`),
    index("webhook_deliveries_failed").on(t.endpointId, t.eventId).where(sql`state = 'failed'`),
  ],
);

/** Every attempt of a delivery, as it went. */
export const webhookAttempts = sqliteTable(
  "webhook_attempts",
  {
    endpointId: text("endpoint_id").notNull(),
    eventId: text("event_id").notNull(),
    number: integer("number").notNull(),
    at: integer("at").notNull(),
    durationMs: integer("duration_ms").notNull(),
    /** How it ended; the status where there was an answer. */
    outcome: text("outcome").notNull(),
    status: integer("status"),
    excerpt: text("excerpt"),
    nextAttemptAt: integer("next_attempt_at"),
  },
  (t) => [primaryKey({ columns: [t.endpointId, t.eventId, t.number] })],
);

export * from "./payment-tables";
export * from "./transfer-tables";
