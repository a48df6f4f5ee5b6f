import { and, desc, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { secrets, webhookEndpoints } from "./schema";

export type Secret = typeof secrets.$inferSelect;

/** The owner of secrets, and their kind. */
export type Holder = Pick<Secret, "ownerId" | "kind">;

/** The same, or all kinds of theirs. */
type Held = Pick<Secret, "ownerId"> & Partial<Holder>;

/** Statement: the secrets that are valid at this moment, the present one of a kind first. */
export function selectLiveSecrets(db: Database, holder: Held, nowMs: number) {
  const isLive = or(isNull(secrets.endsAt), gt(secrets.endsAt, nowMs));
  return db
    .select()
    .from(secrets)
    .where(and(isHeldBy(holder), isLive))
    .orderBy(desc(secrets.number));
}

/**
 * Makes a column with the time at which the last of an endpoint's earlier secrets ends; null while it has had only one.
 */
export function previousSecretUntil(db: Database) {
  const last = db
    .select({ endsAt: sql`max(${secrets.endsAt})` })
    .from(secrets)
    .where(and(eq(secrets.ownerId, webhookEndpoints.id), eq(secrets.kind, "webhook")));
  return sql<number | null>`${last}`.as("previous_secret_until");
}

export function insertSecret(db: Database, row: typeof secrets.$inferInsert): Statement {
  return db.insert(secrets).values(row);
}

/** Ends the present secret at a time. Secrets with an end keep it; with `all`, none is valid beyond that time. */
export function endSecrets(db: Database, holder: Holder, endsAt: number, { all }: { all: boolean }): Statement {
  const isPresent = isNull(secrets.endsAt);
  return db
    .update(secrets)
    .set({ endsAt })
    .where(and(isHeldBy(holder), all ? or(isPresent, gt(secrets.endsAt, endsAt)) : isPresent));
}

/** Ends a secret by its prefix, if it has an end already and that is later. */
export function endSecretAt(db: Database, holder: Holder, prefix: string, endsAt: number): Statement {
  return db
    .update(secrets)
    .set({ endsAt })
    .where(and(isHeldBy(holder), eq(secrets.prefix, prefix), gt(secrets.endsAt, endsAt)));
}

/** Deletes the secrets that have ended by then. */
export function deleteEndedSecrets(db: Database, holder: Holder, endedByMs: number): Statement {
  return db.delete(secrets).where(and(isHeldBy(holder), lte(secrets.endsAt, endedByMs)));
}

/** Deletes the secrets whose use was not recorded, which is never that of webhooks' secrets. */
export function deleteUnusedSecrets(db: Database, holder: Held): Statement {
  return db.delete(secrets).where(and(isHeldBy(holder), isNull(secrets.usedAt)));
}

/** Records the first use of a secret. Returns none if there is no such secret any more. */
export function noteSecretUse(db: Database, { ownerId, kind, number, secret }: Secret, nowMs: number) {
  return db
    .update(secrets)
    .set({ usedAt: sql`coalesce(${secrets.usedAt}, ${nowMs})` })
    .where(and(isHeldBy({ ownerId, kind }), eq(secrets.number, number), eq(secrets.secret, secret)))
    .returning({ number: secrets.number });
}

function isHeldBy({ ownerId, kind }: Held) {
  return and(eq(secrets.ownerId, ownerId), kind === undefined ? undefined : eq(secrets.kind, kind));
}
