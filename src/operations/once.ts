import { settleKey } from "../db/commit";
import { findKey, freeKey, type IdempotencyRow, type KeyTerms, keepKey, reserveKey } from "../db/idempotency";
import { isInterruption } from "../domain/interruption";
import { refusalsAfterEffect } from "../domain/refusal";
import { type Result, refuse } from "../domain/result";
import type { OpenReservation } from "./deps";
import { keyKeptMs } from "./of-request";
import { again, type Command, type CommandName, kept, type Output, type PerformDeps, takesKey } from "./operations";

/**
 * Age after which a reservation counts as abandoned: longer than any operation, which is two Stripe calls and their
 * retries.
 */
const leaseMs = 45_000;

/**
 * Commands whose answer is a page that opens somebody's account at Stripe: such an address is never stored, not even
 * for a day.
 */
const unremembered: ReadonlySet<CommandName> = new Set([
  "open-payout-account",
  "create-onboarding-link",
  "create-login-link",
]);

/** The caller, the request and the idempotency key of a command. */
export interface Origin {
  requestId: string;
  /** The scope of the key: the caller's own id. */
  caller?: string;
  idempotency?: {
    key: string;
    fingerprint: string;
    /** The ids in the path: one key may serve two targets. Ids in the body are part of the request. */
    target: readonly string[];
  };
  /** Set if the caller's day has no room: only the stored answer of an earlier request may be given. */
  onlyRepeats?: boolean;
}

type Outcome<N extends CommandName> = { result: Result<Output<N>>; replayed: boolean };

/**
 * Runs a command at most once under the caller's idempotency key: the same request again gets the stored result,
 * another request under the same key is refused, and so is a repeat while the first still runs. The committing batch
 * stores the result; the result of a command that committed nothing is stored here. Refusals free the key, unless
 * Stripe already did something. A command that takes its key itself fails as a whole if another request was first, so
 * the key is looked up only if it was refused or had nothing to write. Refuses `quota_exceeded` if only a repeat is
 * allowed, and this is none.
 */
export async function once<N extends CommandName>(
  deps: PerformDeps,
  command: Command<N>,
  origin: Origin,
  run: (deps: PerformDeps) => Promise<Result<Output<N>>>,
): Promise<Outcome<N>> {
  const full = { result: refuse("quota_exceeded"), replayed: false };
  if (!origin.idempotency || !origin.caller || unremembered.has(command.name))
    return origin.onlyRepeats ? full : { result: await run(deps), replayed: false };

  const { key, fingerprint, target } = origin.idempotency;
  const nowMs = deps.nowMs();
  const terms: KeyTerms = { fingerprint, nowMs, expiresAtMs: nowMs + keyKeptMs, leaseMs };
  const reservation: OpenReservation = {
    caller: origin.caller,
    operation: [command.name, ...target].join(":"),
    key,
    fingerprint,
    reservationId: deps.newId(),
    settled: false,
  };
  if (origin.onlyRepeats) {
    const row = await findKey(deps.db, reservation, terms);
    return row ? answerOf(deps, command, row, fingerprint) : full;
  }
  if (takesKey(command)) reservation.unreserved = terms;
  else {
    const row = await reserveKey(deps.db, { ...reservation, ...terms });
    if (row?.reservationId !== reservation.reservationId) return answerOf(deps, command, row, fingerprint);
  }
  const result = await unlessFailed(deps, reservation, () => run({ ...deps, reservation }));
  if (reservation.settled) return { result, replayed: false };
  const keeps = result.ok || refusalsAfterEffect.has(result.refusal);
  const answer = kept(command.name, result);
  if (!reservation.unreserved) {
    await deps.db.batch([keeps ? settleKey(deps.db, reservation, answer) : freeKey(deps.db, reservation)]);
    return { result, replayed: false };
  }
  const row = await (keeps ? keepKey(deps.db, reservation, terms, answer) : findKey(deps.db, reservation, terms));
  if (!row || row.reservationId === reservation.reservationId) return { result, replayed: false };
  return answerOf(deps, command, row, fingerprint);
}

/** Returns the answer for a key that is already there: of the same request or of another. */
async function answerOf<N extends CommandName>(
  deps: PerformDeps,
  command: Command<N>,
  row: IdempotencyRow | undefined,
  fingerprint: string,
): Promise<Outcome<N>> {
  if (row?.fingerprint !== fingerprint) return { result: refuse("idempotency_key_reused"), replayed: false };
  if (row.doneBy === null) return { result: refuse("idempotency_key_running"), replayed: false };
  return { result: await again(deps, command, row.result as Result<Output<N>>), replayed: true };
}

/**
 * Runs a command, and frees its key if it fails. After an interruption the work may go on where it ran, so a key that it
 * has taken stays reserved until the lease ends, and nothing is done twice.
 */
async function unlessFailed<T>(deps: PerformDeps, reservation: OpenReservation, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!reservation.settled && !isInterruption(error)) await deps.db.batch([freeKey(deps.db, reservation)]);
    throw error;
  }
}
