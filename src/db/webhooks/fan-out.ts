import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { compiled } from "../compiled";
import type { Database, Statement } from "../database";
import { perShape } from "../per-shape";
import { outbox, webhookDeliveries, webhookEndpoints } from "../schema";

/** The owners whose endpoints receive an event: one, several, or those that a query returns. */
export type Audience = string | readonly string[] | SQL;

interface Event {
  id: string;
  aggregateId: string;
  sequence: number;
  type: string;
  audience: Audience;
  /** The only endpoint that receives the event, if it is about that endpoint. */
  onlyTo?: string | undefined;
}

/** Statements are compiled for so many owners, with or without one endpoint, and built anew for an audience by query. */
interface Shape {
  owners: number | SQL;
  isOnlyTo?: boolean;
}

/** The values that fill a statement, beside the owners, which are `owner0`, `owner1` and so on. */
interface Filled {
  type: string;
  onlyTo?: string | undefined;
}

/** Makes the condition of the endpoints that receive an event at this moment. */
function isListening(given: Filled, { owners, isOnlyTo }: Shape): SQL | undefined {
  const { owner, id, enabled, events } = webhookEndpoints;
  const values = given as Filled & Record<string, string>;
  const each = (count: number) => Array.from({ length: count }, (_, at) => values[`owner${at}`] as string);
  const isOwned = inArray(owner, typeof owners === "number" ? each(owners) : owners);
  if (isOnlyTo) return and(isOwned, eq(id, given.onlyTo as string));
  const wants = sql`exists (select 1 from json_each(${events}) where value in ('*', ${given.type}))`;
  return and(isOwned, eq(enabled, true), wants);
}

/** Returns the owners of an audience, unless it is a query. */
function ownersOf(audience: Audience): readonly string[] | undefined {
  if (typeof audience === "string") return [audience];
  return Array.isArray(audience) ? audience : undefined;
}

function named(owners: readonly string[]): Record<string, string> {
  return Object.fromEntries(owners.map((owner, at) => [`owner${at}`, owner]));
}

type Published = Omit<typeof outbox.$inferInsert, "erasedAt">;

/** An event with its data as text. */
type Heard = Omit<Published, "data"> & { data: string };

/**
 * Writes an event into the outbox only if an endpoint listens, so that there is no row for an event without receivers.
 */
export function insertIfHeard(db: Database, event: Published, audience: Audience): Statement {
  const text = { ...event, data: JSON.stringify(event.data) };
  const owners = ownersOf(audience);
  if (!owners) return heardBy(db, text, { owners: audience as SQL });
  return heardByOwners(owners.length)(db, { ...text, ...named(owners) })[0];
}

const heardByOwners = perShape((owners: number) =>
  compiled((db, event: Heard) => [heardBy(db, event, { owners })] as const),
);

function heardBy(db: Database, event: Heard, shape: Shape): Statement {
  const { aggregateId, sequence, id, version, tenant, type, data, at } = event;
  return db.insert(outbox).select(sql`
    select ${aggregateId}, cast(${sequence} as integer), ${id}, cast(${version} as integer), ${tenant}, ${type},
      ${data}, cast(${at} as integer), null
    where exists (select 1 from ${webhookEndpoints} where ${isListening(event, shape)})`);
}

type Told = Event & { atMs: number; dueAtMs: number };

/**
 * Makes one delivery for every endpoint of the audience that wants the event. The endpoints are chosen inside the
 * committing batch, so the ones that listen at that moment receive it. Returns the keys.
 */
export function fanOut(db: Database, event: Told) {
  const { audience, onlyTo } = event;
  const owners = ownersOf(audience);
  if (!owners) return deliveriesOf(db, event, { owners: audience as SQL, isOnlyTo: onlyTo !== undefined });
  const toOwners = onlyTo === undefined ? toEach(owners.length) : toOne(owners.length);
  return toOwners(db, { ...event, ...named(owners) })[0];
}

const toEach = perShape((owners: number) =>
  compiled((db, event: Told) => [deliveriesOf(db, event, { owners })] as const),
);

const toOne = perShape((owners: number) =>
  compiled((db, event: Told) => [deliveriesOf(db, event, { owners, isOnlyTo: true })] as const),
);

function deliveriesOf(db: Database, event: Told, shape: Shape) {
  const chosen = db
    .select({
      endpointId: webhookEndpoints.id,
      eventId: sql`${event.id}`.as("event_id"),
      aggregateId: sql`${event.aggregateId}`.as("aggregate_id"),
      sequence: sql`cast(${event.sequence} as integer)`.as("sequence"),
      type: sql`${event.type}`.as("type"),
      state: sql`'pending'`.as("state"),
      // An event for one endpoint alone is requested like a replay, so it is sent whatever the endpoint's state.
      replay: sql.raw(shape.isOnlyTo ? "1" : "0").as("replay"),
      version: sql`1`.as("version"),
      attempts: sql`0`.as("attempts"),
      dueAt: sql`cast(${event.dueAtMs} as integer)`.as("due_at"),
      failedAt: sql`cast(null as integer)`.as("failed_at"),
      createdAt: sql`cast(${event.atMs} as integer)`.as("created_at"),
    })
    .from(webhookEndpoints)
    .where(isListening(event, shape));
  return db
    .insert(webhookDeliveries)
    .select(chosen)
    .returning({ endpointId: webhookDeliveries.endpointId, eventId: webhookDeliveries.eventId });
}
