import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { AttentionSubject, WaitingKind } from "../domain/attention";
import type { ListPosition } from "../domain/list-position";
import type { CallKind } from "../domain/stripe-call";
import { constraints } from "./constraints";

/*
 * The tables that all contracts share: journal, ledger, outbox, idempotency keys, and what we know of Stripe.
 * Conventions as in schema.ts.
 */

/**
 * The journal: every change of every aggregate, once. The key is the guard: a lost race fails as a whole. Kept for
 * ever.
 */
export const journal = sqliteTable(
  "journal",
  {
    aggregateId: text("aggregate_id").notNull(),
    version: integer("version").notNull(),
    /** Made by the caller, to tell whether a commit that reported an error was written after all. */
    changeId: text("change_id").notNull(),
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    actor: text("actor").notNull(),
    at: integer("at").notNull(),
    requestId: text("request_id").notNull(),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
  },
  constraints((t) => [primaryKey({ columns: [t.aggregateId, t.version] })]),
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
    /** The Stripe object that moved the money, if one did. */
    reference: text("reference"),
    at: integer("at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.aggregateId, t.version, t.line] }),
    // Each change that moves money has a line 0, so this costs one row for all of its lines.
    index("postings_moved").on(t.at).where(sql`line = 0`),
  ]),
);

/** Events for the outside, in order and without gaps per aggregate. */
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
    /** The time at which the data was emptied at somebody's request. */
    erasedAt: integer("erased_at"),
  },
  constraints((t) => [primaryKey({ columns: [t.aggregateId, t.sequence] })]),
);

/** One request under one key of one caller (src/guides/decisions.md#keys). Purged after 24 hours. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    caller: text("caller").notNull(),
    operation: text("operation").notNull(),
    key: text("key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    /** The reservation that holds the key: an abandoned one is taken over, and its late commit fails. */
    reservationId: text("claim_id").notNull(),
    reservedAt: integer("claimed_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    /**
     * The reservation that finished. The CHECK makes the late commit of a reservation that lost the key fail as a
     * whole.
     */
    doneBy: text("done_by"),
    /** The operation's result as data; null while it runs. */
    result: text("result", { mode: "json" }).$type<unknown>(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.caller, t.operation, t.key] }),
    index("idempotency_keys_expiry").on(t.expiresAt),
    check("idempotency_keys_done_by_claim", sql`${t.doneBy} is null or ${t.doneBy} = ${t.reservationId}`),
  ]),
);

/**
 * All Stripe calls that change something, written down before they are made, with their exact parameters. Kept for
 * ever.
 */
export const stripeEffects = sqliteTable(
  "stripe_effects",
  {
    aggregateId: text("aggregate_id").notNull(),
    id: text("id").notNull(),
    kind: text("kind").$type<CallKind>().notNull(),
    /** The checkout, payout, refund or account that the call is for. */
    subjectId: text("subject_id").notNull(),
    params: text("params", { mode: "json" }).$type<object>().notNull(),
    state: text("state", { enum: ["open", "done", "refused"] }).notNull(),
    /** A part of the idempotency key at Stripe. It is raised only after Stripe was asked what exists. */
    generation: integer("generation").notNull(),
    attempts: integer("attempts").notNull(),
    /** The time of the present generation's first sending: Stripe forgets its key a day later. */
    sentAt: integer("sent_at"),
    /**
     * The time at which the last sending ended; while one is under way, its beginning or up to a minute before. Objects
     * that the call may have made are looked for until then.
     */
    lastSentAt: integer("last_sent_at").notNull(),
    /** The position up to which Stripe's list was read for what the call may have made. */
    look: text("look", { mode: "json" }).$type<ListPosition>(),
    dueAt: integer("due_at"),
    resultId: text("result_id"),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.aggregateId, t.id] }),
    index("stripe_effects_due").on(t.dueAt).where(sql`due_at is not null`),
  ]),
);

/** Events as Stripe sent them, deduplicated when they are processed. Payloads are purged after 30 days. */
export const stripeEvents = sqliteTable(
  "stripe_events",
  {
    id: text("id").primaryKey(),
    account: text("account"),
    type: text("type").notNull(),
    objectId: text("object_id").notNull(),
    /** The aggregate that the event turned out to be about. */
    aggregateId: text("aggregate_id"),
    payload: text("payload").notNull(),
    /** `dead`: given up. `closed`: given up, and an operator has said why that is right. */
    state: text("state", { enum: ["received", "processed", "dead", "closed"] }).notNull(),
    /** The number of its changes, so that processing that began before a replay does not end the replay. */
    version: integer("version").notNull().default(1),
    attempts: integer("attempts").notNull(),
    /** The time of the next attempt; after processing, of the payload's purge. */
    dueAt: integer("due_at"),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
    receivedAt: integer("received_at").notNull(),
    processedAt: integer("processed_at"),
    closedBy: text("closed_by"),
    note: text("note"),
  },
  constraints((t) => [
    index("stripe_events_due").on(t.dueAt).where(sql`due_at is not null and state = 'received'`),
    index("stripe_events_over").on(t.dueAt).where(sql`due_at is not null and state = 'processed'`),
    index("stripe_events_dead").on(t.receivedAt).where(sql`state = 'dead'`),
    index("stripe_events_of_aggregate").on(t.aggregateId).where(sql`aggregate_id is not null`),
  ]),
);

/**
 * Reasons for which a person must look at an aggregate. Several can be open at once; each is closed by itself. Kept for
 * ever.
 */
export const attention = sqliteTable(
  "attention",
  {
    aggregateId: text("aggregate_id").notNull(),
    id: text("id").notNull(),
    /** A found reason has a row only after a note has closed it: the row says until when it was seen. */
    kind: text("kind").$type<WaitingKind>().notNull(),
    aboutKind: text("about_kind").$type<AttentionSubject>().notNull(),
    /** Our id of the object concerned, or Stripe's if only Stripe has the object. */
    aboutId: text("about_id").notNull(),
    since: integer("since").notNull(),
    /** The money concerned. */
    amountMinor: integer("amount_minor"),
    currency: text("currency"),
    note: text("note"),
    /** The time at which it is decided without us. */
    dueBy: integer("due_by"),
    clearedAt: integer("cleared_at"),
    /** `operator:<name>`, `stripe` or `clock`. */
    clearedBy: text("cleared_by"),
    clearedNote: text("cleared_note"),
  },
  constraints((t) => [
    primaryKey({ columns: [t.aggregateId, t.id] }),
    uniqueIndex("attention_stands_once").on(t.aggregateId, t.kind, t.aboutId).where(sql`cleared_at is null`),
    index("attention_open").on(t.since).where(sql`cleared_at is null`),
  ]),
);

/**
 * Items that were published to the operator's endpoints as waiting, until it is published that they do not wait any
 * more.
 */
export const attentionTold = sqliteTable(
  "attention_told",
  {
    kind: text("kind").$type<WaitingKind>().notNull(),
    /** As in `attention`: several aggregates may wait for the same object. */
    aggregateId: text("aggregate_id").notNull(),
    aboutId: text("about_id").notNull(),
    aboutKind: text("about_kind").$type<AttentionSubject>().notNull(),
    since: integer("since").notNull(),
    toldAt: integer("told_at").notNull(),
  },
  constraints((t) => [primaryKey({ columns: [t.kind, t.aggregateId, t.aboutId] })]),
);

/** Directory: the aggregate that an object at Stripe belongs to. No statement about money joins it. */
export const stripeObjects = sqliteTable("stripe_objects", {
  stripeId: text("stripe_id").primaryKey(),
  aggregateId: text("aggregate_id").notNull(),
  subjectId: text("subject_id").notNull(),
});

/**
 * Positions up to which something was read or done, in milliseconds: Stripe's lists, settlement, expiry, the sweep. One
 * row a cursor.
 */
export const cursors = sqliteTable("cursors", {
  name: text("name").primaryKey(),
  /** Everything before this is read. */
  value: integer("value").notNull(),
  /** The time of its last move, by the wall clock, because the sandbox's own clock can jump. */
  movedAt: integer("moved_at"),
  /** The position inside the next span, while reading it takes more than one run. */
  position: text("position", { mode: "json" }).$type<ListPosition & { part: number }>(),
});
