import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { outbox, webhookDeliveries, webhookEndpoints } from "../schema";

/** The owners whose endpoints receive an event: one, several, or those that a query returns. */
export type Audience = string | readonly string[] | SQL;

interface Listening {
  type: string;
  audience: Audience;
  onlyTo?: string | undefined;
}

/** Makes the condition of the endpoints that receive an event at this moment. */
function isListening({ type, audience, onlyTo }: Listening): SQL | undefined {
  const { owner, id, enabled, events } = webhookEndpoints;
  const isOwned = typeof audience === "string" ? eq(owner, audience) : inArray(owner, audience);
  if (onlyTo) return and(isOwned, eq(id, onlyTo));
  const wants = sql`exists (select 1 from json_each(${events}) where value in ('*', ${type}))`;
  return and(isOwned, eq(enabled, true), wants);
}

/**
 * Writes an event into the outbox only if an endpoint listens, so that there is no row for an event without receivers.
 */
export function insertIfHeard(
  db: Database,
  event: Omit<typeof outbox.$inferInsert, "erasedAt">,
  audience: Audience,
): Statement {
  const { aggregateId, sequence, id, version, tenant, type, data, at } = event;
  return db.insert(outbox).select(sql`
    select ${aggregateId}, cast(${sequence} as integer), ${id}, cast(${version} as integer), ${tenant}, ${type},
      ${JSON.stringify(data)}, cast(${at} as integer), null
    where exists (select 1 from ${webhookEndpoints} where ${isListening({ type, audience })})`);
}

/**
 * Makes one delivery for every endpoint of the audience that wants the event. The endpoints are chosen inside the
 * committing batch, so the ones that listen at that moment receive it. Returns the keys.
 */
export function fanOut(
  db: Database,
  event: Listening & { id: string; aggregateId: string; sequence: number; atMs: number; dueAtMs: number },
) {
  const chosen = db
    .select({
      endpointId: webhookEndpoints.id,
      eventId: sql`${event.id}`.as("event_id"),
      aggregateId: sql`${event.aggregateId}`.as("aggregate_id"),
      sequence: sql`cast(${event.sequence} as integer)`.as("sequence"),
      type: sql`${event.type}`.as("type"),
      state: sql`'pending'`.as("state"),
      // An event for one endpoint alone is requested like a replay, so it is sent whatever the endpoint's state.
      replay: sql`cast(${event.onlyTo ? 1 : 0} as integer)`.as("replay"),
      version: sql`1`.as("version"),
      attempts: sql`0`.as("attempts"),
      dueAt: sql`cast(${event.dueAtMs} as integer)`.as("due_at"),
      failedAt: sql`cast(null as integer)`.as("failed_at"),
      createdAt: sql`cast(${event.atMs} as integer)`.as("created_at"),
    })
    .from(webhookEndpoints)
    .where(isListening(event));
  return db
    .insert(webhookDeliveries)
    .select(chosen)
    .returning({ endpointId: webhookDeliveries.endpointId, eventId: webhookDeliveries.eventId });
}
