import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/* Who is told: outbound webhooks of operators and developers. Conventions as in schema.ts. */

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
    /** Since when every attempt has failed; null when the last one did not. */
    failingSince: integer("failing_since"),
    warnedAt: integer("warned_at"),
    /** When its health has switched it off; null while it is on, and where its owner has. */
    disabledAt: integer("disabled_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    index("webhook_endpoints_of_owner").on(t.owner, t.id),
    index("webhook_endpoints_disabled").on(t.disabledAt).where(sql`disabled_at is not null`),
  ],
);

/** The condition of a delivery that is still to be made. Its indexes are found by these very words. */
export const wanted = "(state = 'pending' or replay = 1)";

/** What an endpoint's messages are signed with: every secret that has not ended. */
export const webhookSecrets = sqliteTable(
  "webhook_secrets",
  {
    endpointId: text("endpoint_id").notNull(),
    /** Counts the endpoint's secrets: the highest is the present one. */
    number: integer("number").notNull(),
    /** Sealed: it must be readable to sign. */
    secret: text("secret").notNull(),
    /** When it stops signing; null for the present one. */
    endsAt: integer("ends_at"),
  },
  (t) => [primaryKey({ columns: [t.endpointId, t.number] })],
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
    /** The number of its changes: an attempt that began before the last of them leaves standing what came meanwhile. */
    version: integer("version").notNull().default(1),
    attempts: integer("attempts").notNull(),
    /** The next attempt; after the end, when the row is purged. */
    dueAt: integer("due_at"),
    /** When it has failed for good. */
    failedAt: integer("failed_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.endpointId, t.eventId] }),
    index("webhook_deliveries_due")
      .on(t.dueAt)
      .where(sql`due_at is not null and ${sql.raw(wanted)}`),
    index("webhook_deliveries_over")
      .on(t.dueAt)
      .where(sql`due_at is not null and not ${sql.raw(wanted)}`),
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
