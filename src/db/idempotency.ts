import { and, eq, isNull, lte, not, type SQL, sql } from "drizzle-orm";
import type { KeyClaim, KeyTerms } from "./commit";
import type { Database, Statement } from "./database";
import { idempotencyKeys } from "./schema";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

/**
 * Reserves a key and reads its row, in one round trip. The returned row has our claim id if the key is ours: it was
 * free, it had expired, or the same request had abandoned its reservation (older than the lease).
 */
export async function claimKey(db: Database, claim: KeyClaim & KeyTerms): Promise<IdempotencyRow | undefined> {
  const fresh = {
    fingerprint: claim.fingerprint,
    claimId: claim.claimId,
    claimedAt: claim.nowMs,
    expiresAt: claim.expiresAtMs,
  };
  const [, [row]] = await db.batch([
    db
      .insert(idempotencyKeys)
      .values({ caller: claim.caller, operation: claim.operation, key: claim.key, ...fresh })
      .onConflictDoUpdate({
        target: [idempotencyKeys.caller, idempotencyKeys.operation, idempotencyKeys.key],
        set: { ...fresh, doneBy: null, result: null },
        setWhere: isFree(claim),
      }),
    db.select().from(idempotencyKeys).where(isKey(claim)),
  ]);
  return row;
}

/**
 * Writes a key that was not reserved, together with its result, for the batch that does all the work. If another
 * request was first, this fails by the primary key, and nothing of the work is done.
 */
export function takeKey(db: Database, claim: KeyClaim, terms: KeyTerms, result: unknown): Statement[] {
  return [dropFree(db, claim, terms), insertKey(db, claim, terms, result)];
}

/**
 * Stores the result of a command that needed no work, and reads the key's row, in one round trip: the returned row has
 * our claim id unless another request was first.
 */
export async function keepKey(
  db: Database,
  claim: KeyClaim,
  terms: KeyTerms,
  result: unknown,
): Promise<IdempotencyRow | undefined> {
  const [, , [row]] = await db.batch([
    dropFree(db, claim, terms),
    insertKey(db, claim, terms, result).onConflictDoNothing(),
    selectHeld(db, claim, terms),
  ]);
  return row;
}

/** Reads the row of a key: a stored result, or a reservation. */
export async function findKey(db: Database, claim: KeyClaim, terms: KeyTerms): Promise<IdempotencyRow | undefined> {
  const [[row]] = await db.batch([selectHeld(db, claim, terms)]);
  return row;
}

/** Frees a reserved key whose work committed nothing: the same key may be used again. */
export function freeKey(db: Database, claim: KeyClaim) {
  return db
    .delete(idempotencyKeys)
    .where(and(isKey(claim), eq(idempotencyKeys.claimId, claim.claimId), isNull(idempotencyKeys.doneBy)));
}

/** Deletes expired keys, at most `limit` at once. */
export function purgeKeys(db: Database, nowMs: number, limit: number) {
  const key = sql`(${idempotencyKeys.caller}, ${idempotencyKeys.operation}, ${idempotencyKeys.key})`;
  const over = db
    .select({ caller: idempotencyKeys.caller, operation: idempotencyKeys.operation, key: idempotencyKeys.key })
    .from(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAt, nowMs))
    .limit(limit);
  return db.delete(idempotencyKeys).where(sql`${key} in ${over}`);
}

function insertKey(db: Database, { caller, operation, key, claimId }: KeyClaim, terms: KeyTerms, result: unknown) {
  const { fingerprint, nowMs: claimedAt, expiresAtMs: expiresAt } = terms;
  return db
    .insert(idempotencyKeys)
    .values({ caller, operation, key, fingerprint, claimId, claimedAt, expiresAt, doneBy: claimId, result });
}

function dropFree(db: Database, claim: KeyClaim, terms: KeyTerms) {
  return db.delete(idempotencyKeys).where(and(isKey(claim), isFree(terms)));
}

function selectHeld(db: Database, claim: KeyClaim, terms: KeyTerms) {
  return db
    .select()
    .from(idempotencyKeys)
    .where(and(isKey(claim), not(isFree(terms))));
}

/** Makes the condition that a key may be taken: it has expired, or the same request has abandoned its reservation. */
function isFree({ fingerprint, nowMs, leaseMs }: KeyTerms): SQL {
  return sql`(${lte(idempotencyKeys.expiresAt, nowMs)} or (${isNull(idempotencyKeys.doneBy)}
    and ${eq(idempotencyKeys.fingerprint, fingerprint)} and ${lte(idempotencyKeys.claimedAt, nowMs - leaseMs)}))`;
}

function isKey(claim: KeyClaim) {
  return and(
    eq(idempotencyKeys.caller, claim.caller),
    eq(idempotencyKeys.operation, claim.operation),
    eq(idempotencyKeys.key, claim.key),
  );
}
