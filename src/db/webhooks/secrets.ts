import { and, desc, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { webhookEndpoints, webhookSecrets } from "./tables";

export type WebhookSecret = typeof webhookSecrets.$inferSelect;

/** Statement: the secrets that sign an endpoint's messages at this moment, the present one first. */
export function selectLiveSecrets(db: Database, endpointId: string, nowMs: number) {
  const isLive = or(isNull(webhookSecrets.endsAt), gt(webhookSecrets.endsAt, nowMs));
  return db
    .select()
    .from(webhookSecrets)
    .where(and(eq(webhookSecrets.endpointId, endpointId), isLive))
    .orderBy(desc(webhookSecrets.number));
}

/**
 * Makes a column with the time at which the last of an endpoint's earlier secrets ends; null while it has had only one.
 */
export function previousSecretUntil(db: Database) {
  const last = db
    .select({ endsAt: sql`max(${webhookSecrets.endsAt})` })
    .from(webhookSecrets)
    .where(eq(webhookSecrets.endpointId, webhookEndpoints.id));
  return sql<number | null>`${last}`.as("previous_secret_until");
}

export function insertSecret(db: Database, row: WebhookSecret): Statement {
  return db.insert(webhookSecrets).values(row);
}

/** Ends the present secret at a time. Secrets with an end keep it; with `all`, none signs beyond that time. */
export function endSecrets(db: Database, endpointId: string, endsAt: number, { all }: { all: boolean }): Statement {
  const isPresent = isNull(webhookSecrets.endsAt);
  return db
    .update(webhookSecrets)
    .set({ endsAt })
    .where(
      and(
        eq(webhookSecrets.endpointId, endpointId),
        all ? or(isPresent, gt(webhookSecrets.endsAt, endsAt)) : isPresent,
      ),
    );
}

/** Deletes the secrets that have ended by then; all of them if no time is given. */
export function deleteSecrets(db: Database, endpointId: string, endedByMs?: number): Statement {
  return db
    .delete(webhookSecrets)
    .where(
      and(
        eq(webhookSecrets.endpointId, endpointId),
        endedByMs === undefined ? undefined : lte(webhookSecrets.endsAt, endedByMs),
      ),
    );
}
