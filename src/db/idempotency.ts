import { and, eq, isNull, lte, not, type SQL, sql } from "drizzle-orm";

import { compiled } from "./compiled";
import type { Database, Statement } from "./database";
import { idempotencyKeys } from "./schema";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

/**
 * Reserves a key and reads its row, in one round trip. The returned row has our reservation id if the key is ours: it
 * was free, it had expired, or the same request had abandoned its reservation (older than the lease).
 */
export async function reserveKey(
  db: Database,
  reservation: KeyReservation & KeyTerms,
): Promise<IdempotencyRow | undefined> {
  const fresh = {
    fingerprint: reservation.fingerprint,
    reservationId: reservation.reservationId,
    reservedAt: reservation.nowMs,
    expiresAt: reservation.expiresAtMs,
  };
  const [, [row]] = await db.batch([
    db
      .insert(idempotencyKeys)
      .values({ caller: reservation.caller, operation: reservation.operation, key: reservation.key, ...fresh })
      .onConflictDoUpdate({
        target: [idempotencyKeys.caller, idempotencyKeys.operation, idempotencyKeys.key],
        set: { ...fresh, doneBy: null, result: null },
        setWhere: isFree(reservation, reservation, reservation.nowMs - reservation.leaseMs),
      }),
    db.select().from(idempotencyKeys).where(isKey(reservation)),
  ]);
  return row;
}

/**
 * Takes a key in the first batch that does some of the work: with its result, or without one if more work follows. If
 * another request was first, this fails by the primary key, and nothing of the work is done.
 */
export function takeKey(db: Database, reservation: KeyReservation, terms: KeyTerms, result?: unknown): Statement[] {
  return [dropFree(db, reservation, terms), insertKey(db, reservation, terms, result)];
}

/**
 * Stores the result of a command that needed no work, and reads the key's row, in one round trip: the returned row has
 * our reservation id unless another request was first.
 */
export async function keepKey(
  db: Database,
  reservation: KeyReservation,
  terms: KeyTerms,
  result: unknown,
): Promise<IdempotencyRow | undefined> {
  const [, , [row]] = await db.batch([
    dropFree(db, reservation, terms),
    insertOf(db, { ...reservation, ...terms }, doneOf(reservation, result)).onConflictDoNothing(),
    selectHeld(db, reservation, terms),
  ]);
  return row;
}

/** Reads the row of a key: a stored result, or a reservation. */
export async function findKey(
  db: Database,
  reservation: KeyReservation,
  terms: KeyTerms,
): Promise<IdempotencyRow | undefined> {
  const [[row]] = await db.batch([selectHeld(db, reservation, terms)]);
  return row;
}

/**
 * Returns a result as it is stored: without what a shopper's browser pays with, which is forgotten with the payment's
 * end. A repeated request reads it again.
 */
export function storable(result: unknown): unknown {
  const isForgotten = (name: string, value: unknown) =>
    name === "clientSecret" || (name === "nextAction" && value !== null);
  return JSON.parse(JSON.stringify(result, (name, value) => (isForgotten(name, value) ? undefined : value)));
}

/** Frees a reserved key whose work committed nothing: the same key may be used again. */
export function freeKey(db: Database, reservation: KeyReservation) {
  return db
    .delete(idempotencyKeys)
    .where(
      and(
        isKey(reservation),
        eq(idempotencyKeys.reservationId, reservation.reservationId),
        isNull(idempotencyKeys.doneBy),
      ),
    );
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

function insertKey(db: Database, reservation: KeyReservation, terms: KeyTerms, result?: unknown) {
  const given = { ...reservation, ...terms, ...doneOf(reservation, result) };
  return (result === undefined ? insertOpen(db, given) : insertDone(db, given as Required<Inserted>))[0];
}

interface Done {
  doneBy?: string;
  result?: unknown;
}

function doneOf({ reservationId: doneBy }: KeyReservation, result: unknown): Done {
  return result === undefined ? {} : { doneBy, result: storable(result) };
}

type Inserted = KeyReservation & KeyTerms & Done;

function insertOf(db: Database, given: Inserted, done: Done) {
  const { caller, operation, key, reservationId, fingerprint, nowMs: reservedAt, expiresAtMs: expiresAt } = given;
  const row = { caller, operation, key, fingerprint, reservationId, reservedAt, expiresAt, ...done };
  return db.insert(idempotencyKeys).values(row);
}

const insertOpen = compiled((db, given: Inserted) => [insertOf(db, given, {})] as const);

const insertDone = compiled(
  (db, given: Inserted & Required<Done>) =>
    [insertOf(db, given, { doneBy: given.doneBy, result: given.result })] as const,
);

function dropFree(db: Database, reservation: KeyReservation, terms: KeyTerms) {
  return dropKey(db, { ...reservation, ...terms, abandonedMs: terms.nowMs - terms.leaseMs })[0];
}

const dropKey = compiled(
  (db, given: KeyReservation & KeyTerms & { abandonedMs: number }) =>
    [db.delete(idempotencyKeys).where(and(isKey(given), isFree(given, given, given.abandonedMs)))] as const,
);

function selectHeld(db: Database, reservation: KeyReservation, terms: KeyTerms) {
  return db
    .select()
    .from(idempotencyKeys)
    .where(and(isKey(reservation), not(isFree(reservation, terms, terms.nowMs - terms.leaseMs))));
}

/**
 * Makes the condition that a key may be taken: it has expired, the same request has abandoned its reservation, or this
 * very run took it before it was cut off and begun again.
 */
function isFree({ reservationId }: KeyReservation, { fingerprint, nowMs }: KeyTerms, abandonedMs: number): SQL {
  return sql`(${lte(idempotencyKeys.expiresAt, nowMs)} or (${isNull(idempotencyKeys.doneBy)}
    and (${eq(idempotencyKeys.reservationId, reservationId)} or (${eq(idempotencyKeys.fingerprint, fingerprint)}
      and ${lte(idempotencyKeys.reservedAt, abandonedMs)}))))`;
}

function isKey(reservation: KeyReservation) {
  return and(
    eq(idempotencyKeys.caller, reservation.caller),
    eq(idempotencyKeys.operation, reservation.operation),
    eq(idempotencyKeys.key, reservation.key),
  );
}

/**
 * A reservation of an idempotency key, to be settled in the batch that does the work (src/guides/decisions.md#keys).
 */
export interface KeyReservation {
  caller: string;
  operation: string;
  key: string;
  reservationId: string;
  /** Set until the key is reserved: the first batch of the work takes it. */
  unreserved?: KeyTerms;
}

/** The request that a key stands for, and the times that limit it. */
export interface KeyTerms {
  fingerprint: string;
  nowMs: number;
  expiresAtMs: number;
  /** Reservations older than this were abandoned. */
  leaseMs: number;
}
