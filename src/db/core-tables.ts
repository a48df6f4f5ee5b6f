import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { AttentionSubject, WaitingKind } from "../domain/attention";
import type { ListPosition } from "../domain/list-position";

/* What every contract shares: journal, ledger, outbox, idempotency keys, and what we know of Stripe. Conventions as in schema.ts. */

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

/** One request under one key of one caller (src/guides/decisions.md#keys). Purged after 24 hours. */
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
    /** When its last sending ended; while one is under way, when it began or up to a minute before. What it has made is looked for until then. */
    lastSentAt: integer("last_sent_at").notNull(),
    /** How far Stripe's list was read for what it may have made. */
    look: text("look", { mode: "json" }).$type<ListPosition>(),
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
    /** `dead`: given up. `closed`: given up, and an operator has said why that is right. */
    state: text("state", { enum: ["received", "processed", "dead", "closed"] }).notNull(),
    /** The number of its changes: processing that began before a replay does not end the replay. */
    version: integer("version").notNull().default(1),
    attempts: integer("attempts").notNull(),
    /** The next attempt; after the end, when the payload is purged. */
    dueAt: integer("due_at"),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
    receivedAt: integer("received_at").notNull(),
    processedAt: integer("processed_at"),
    closedBy: text("closed_by"),
    note: text("note"),
  },
  (t) => [
    index("stripe_events_due").on(t.dueAt).where(sql`due_at is not null and state = 'received'`),
    index("stripe_events_over").on(t.dueAt).where(sql`due_at is not null and state = 'processed'`),
    index("stripe_events_dead").on(t.receivedAt).where(sql`state = 'dead'`),
    index("stripe_events_of_aggregate").on(t.aggregateId).where(sql`aggregate_id is not null`),
  ],
);

/** Why a person must look at an aggregate. Several reasons stand at once; each is cleared by itself. Kept for ever. */
export const attention = sqliteTable(
  "attention",
  {
    aggregateId: text("aggregate_id").notNull(),
    id: text("id").notNull(),
    /** A found reason's row is one that a note has ended: it says until when it was seen. */
    kind: text("kind").$type<WaitingKind>().notNull(),
    aboutKind: text("about_kind").$type<AttentionSubject>().notNull(),
    /** Our own id of what it is about, or Stripe's where the object is theirs alone. */
    aboutId: text("about_id").notNull(),
    since: integer("since").notNull(),
    /** The money in question. */
    amountMinor: integer("amount_minor"),
    currency: text("currency"),
    note: text("note"),
    /** When it is decided without us. */
    dueBy: integer("due_by"),
    clearedAt: integer("cleared_at"),
    /** `operator:<name>`, `stripe` or `clock`. */
    clearedBy: text("cleared_by"),
    clearedNote: text("cleared_note"),
  },
  (t) => [
    primaryKey({ columns: [t.aggregateId, t.id] }),
    uniqueIndex("attention_stands_once").on(t.aggregateId, t.kind, t.aboutId).where(sql`cleared_at is null`),
    index("attention_open").on(t.since).where(sql`cleared_at is null`),
  ],
);

/** What the operator's endpoints were told to wait for a person, until they are told that it does no more. */
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
  (t) => [primaryKey({ columns: [t.kind, t.aggregateId, t.aboutId] })],
);

/** Directory: which aggregate an object at Stripe belongs to. Joined by no money statement. */
export const stripeObjects = sqliteTable("stripe_objects", {
  stripeId: text("stripe_id").primaryKey(),
  aggregateId: text("aggregate_id").notNull(),
  subjectId: text("subject_id").notNull(),
});

/** How far something was read or has come, in milliseconds: Stripe's lists, settlement, expiry, the sweep. One row a cursor. */
export const cursors = sqliteTable("cursors", {
  name: text("name").primaryKey(),
  /** Everything before is read. */
  value: integer("value").notNull(),
  /** When it was last moved, by the wall's clock: the sandbox's own can jump. */
  movedAt: integer("moved_at"),
  /** How far the span that follows is read, while it takes more than one run. */
  position: text("position", { mode: "json" }).$type<ListPosition & { part: number }>(),
});
