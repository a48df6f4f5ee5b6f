import { and, asc, eq } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { lastSequence, lastVersion } from "./position";
import { webhookEndpoints } from "./schema";

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;

/** An endpoint, whosever it is: the reader compares the owner. */
export function selectEndpointById(db: Database, id: string) {
  return db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id));
}

/** An endpoint of this owner; nobody else's exists for them. */
export function selectEndpoint(db: Database, owner: string, id: string) {
  return db
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.owner, owner)));
}

/** Every endpoint of an owner, oldest first. An owner has few. */
export function selectEndpointsOf(db: Database, owner: string, limit: number) {
  return db
    .select()
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.owner, owner))
    .orderBy(asc(webhookEndpoints.id))
    .limit(limit);
}

/** An endpoint with where its journal stands, in one round trip. */
export async function loadEndpoint(db: Database, owner: string, id: string) {
  const [[endpoint], [last], [told]] = await db.batch([
    selectEndpoint(db, owner, id),
    lastVersion(db, id),
    lastSequence(db, id),
  ]);
  if (!endpoint) return undefined;
  const position = { aggregateId: id, tenant: owner, audience: owner };
  return { ...position, version: last?.version ?? 0, sequence: told?.sequence ?? 0, endpoint };
}

export function insertEndpoint(db: Database, row: WebhookEndpoint): Statement {
  return db.insert(webhookEndpoints).values(row);
}

export function updateEndpoint(
  db: Database,
  id: string,
  changes: Partial<Omit<WebhookEndpoint, "id" | "owner" | "createdAt">>,
): Statement {
  return db.update(webhookEndpoints).set(changes).where(eq(webhookEndpoints.id, id));
}

export function deleteEndpoint(db: Database, id: string): Statement {
  return db.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id));
}
