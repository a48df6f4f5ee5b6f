import { and, eq, isNull, lte, sql } from "drizzle-orm";
import type { KeyClaim } from "./commit";
import type { Database } from "./database";
import { idempotencyKeys } from "./schema";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

/**
 * Claims a key and reads what is there, in one round trip. The row that comes back carries our claim id when the key is
 * ours: it was free, it had expired, or its claim was left behind (older than the lease) by the same request.
 */
export async function claimKey(
  db: Database,
  claim: KeyClaim & { fingerprint: string; nowMs: number; expiresAtMs: number; leaseMs: number },
): Promise<IdempotencyRow | undefined> {
  const fresh = {
    fingerprint: claim.fingerprint,
    claimId: claim.claimId,
    claimedAt: claim.nowMs,
    expiresAt: claim.expiresAtMs,
  };
  const leftBehind = sql`(${isNull(idempotencyKeys.doneBy)} and ${eq(idempotencyKeys.fingerprint, claim.fingerprint)}
    and ${lte(idempotencyKeys.claimedAt, claim.nowMs - claim.leaseMs)})`;
  const [, [row]] = await db.batch([
    db
      .insert(idempotencyKeys)
      .values({ caller: claim.caller, operation: claim.operation, key: claim.key, ...fresh })
      .onConflictDoUpdate({
        target: [idempotencyKeys.caller, idempotencyKeys.operation, idempotencyKeys.key],
        set: { ...fresh, doneBy: null, result: null },
        setWhere: sql`${lte(idempotencyKeys.expiresAt, claim.nowMs)} or ${leftBehind}`,
      }),
    db.select().from(idempotencyKeys).where(isKey(claim)),
  ]);
  return row;
}

/** Gives a key back that led to nothing: the same key may be used again. */
export function freeKey(db: Database, claim: KeyClaim) {
  return db
    .delete(idempotencyKeys)
    .where(and(isKey(claim), eq(idempotencyKeys.claimId, claim.claimId), isNull(idempotencyKeys.doneBy)));
}

/** Forgets keys whose time is over, at most `limit` at once. */
export function purgeKeys(db: Database, nowMs: number, limit: number) {
  const key = sql`(${idempotencyKeys.caller}, ${idempotencyKeys.operation}, ${idempotencyKeys.key})`;
  const over = db
    .select({ caller: idempotencyKeys.caller, operation: idempotencyKeys.operation, key: idempotencyKeys.key })
    .from(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAt, nowMs))
    .limit(limit);
  return db.delete(idempotencyKeys).where(sql`${key} in ${over}`);
}

function isKey(claim: KeyClaim) {
  return and(
    eq(idempotencyKeys.caller, claim.caller),
    eq(idempotencyKeys.operation, claim.operation),
    eq(idempotencyKeys.key, claim.key),
  );
}
