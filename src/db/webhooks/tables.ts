import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { deliveryStates } from "../../domain/webhooks/delivery";
import { constraints } from "../constraints";

/* Outbound webhooks of operators and developers. Conventions as in schema.ts. */

/** The endpoints that events are sent to. Aggregate: the endpoint. */
export const webhookEndpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: text("id").primaryKey(),
    /** `operator`, or the id of the developer or application that owns the events. */
    owner: text("owner").notNull(),
    /** The form in which messages are signed: Standard Webhooks, or the transfers contract's own. */
    wire: text("wire", { enum: ["standard", "transfers"] }).notNull(),
    url: text("url").notNull(),
    description: text("description"),
    /** Event types, or `*`. */
    events: text("events", { mode: "json" }).$type<string[]>().notNull(),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>().notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    disabledReason: text("disabled_reason"),
    /** The time since which every attempt has failed; null if the last one did not. */
    failingSince: integer("failing_since"),
    warnedAt: integer("warned_at"),
    /**
     * The time at which it was disabled because of its health; null while it is enabled, and if its owner disabled it.
     */
    disabledAt: integer("disabled_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    index("webhook_endpoints_of_owner").on(t.owner, t.id),
    index("webhook_endpoints_disabled").on(t.disabledAt).where(sql`disabled_at is not null`),
  ]),
);

/** The condition of a delivery that is still to be made. SQLite uses the partial indexes only for exactly this text. */
export const wanted = "(state = 'pending' or replay = 1)";

/** One event for one endpoint. Purged 30 days after its end, with its attempts. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    endpointId: text("endpoint_id").notNull(),
    /** The event's id. */
    eventId: text("event_id").notNull(),
    /** The event's place in the outbox: the body is made of that row, the same for every attempt. */
    aggregateId: text("aggregate_id").notNull(),
    sequence: integer("sequence").notNull(),
    type: text("type").notNull(),
    state: text("state", { enum: deliveryStates }).notNull(),
    /**
     * 1 while it is sent again at somebody's request: one attempt, whatever the endpoint's state, without effect on its
     * health.
     */
    replay: integer("replay", { mode: "boolean" }).notNull(),
    /** The number of its changes: an attempt that began before the last of them does not overwrite it. */
    version: integer("version").notNull().default(1),
    attempts: integer("attempts").notNull(),
    /** The time of the next attempt; after the end, of the row's purge. */
    dueAt: integer("due_at"),
    /** The time at which it failed for good. */
    failedAt: integer("failed_at"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.endpointId, t.eventId] }),
    index("webhook_deliveries_due")
      .on(t.dueAt)
      .where(sql`due_at is not null and ${sql.raw(wanted)}`),
    index("webhook_deliveries_over")
      .on(t.dueAt)
      .where(sql`due_at is not null and not ${sql.raw(wanted)}`),
    index("webhook_deliveries_failed").on(t.endpointId, t.eventId).where(sql`state = 'failed'`),
  ]),
);

/** All attempts of a delivery. */
export const webhookAttempts = sqliteTable(
  "webhook_attempts",
  {
    endpointId: text("endpoint_id").notNull(),
    eventId: text("event_id").notNull(),
    number: integer("number").notNull(),
    at: integer("at").notNull(),
    durationMs: integer("duration_ms").notNull(),
    /** The outcome, and the status if there was an answer. */
    outcome: text("outcome").notNull(),
    status: integer("status"),
    excerpt: text("excerpt"),
    nextAttemptAt: integer("next_attempt_at"),
  },
  constraints((t) => [primaryKey({ columns: [t.endpointId, t.eventId, t.number] })]),
);
