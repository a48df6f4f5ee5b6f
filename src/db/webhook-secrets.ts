import { and, desc, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { webhookEndpoints, webhookSecrets } from "./webhook-tables";

export type WebhookSecret = typeof webhookSecrets.$inferSelect;

/** The secrets that sign an endpoint's messages now, the present one first. */
export function selectLiveSecrets(db: Database, endpointId: string, nowMs: number) {
  const isLive = or(isNull(webhookSecrets.endsAt), gt(webhookSecrets.endsAt, nowMs));
  return db
    .select()
    .from(webhookSecrets)
    .where(and(eq(webhookSecrets.endpointId, endpointId), isLive))
    .orderBy(desc(webhookSecrets.number));
}

/** When the last of the secrets ends that an endpoint had before the present one; null while it has had but one. */
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

/** Lets the present secret end at a time. Each that ends already keeps its own end; with `all`, none signs beyond that time. */
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

/** Forgets the secrets that have ended by then; all of them where no time is given. */
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
