import { settleKey } from "../db/commit";
import { claimKey, freeKey } from "../db/idempotency";
import { type Refusal, refusals } from "../domain/refusal";
import { type Result, refuse } from "../domain/result";
import type { Command, CommandName, Origin, Output } from "./commands";
import type { Deps, OpenClaim } from "./deps";

/** A key is kept for a day (decisions X5); business uniqueness holds beyond it. */
const keptMs = 24 * 60 * 60 * 1000;

/** A claim older than this was left behind: longer than any operation, which is two calls at Stripe and their retries. */
const leaseMs = 45_000;

/** Answered with a page that opens somebody's account at Stripe: such an address is remembered nowhere, not even for a day. */
const unremembered: ReadonlySet<CommandName> = new Set([
  "open-payout-account",
  "create-onboarding-link",
  "create-login-link",
]);

/**
 * Runs a command at most once under the caller's idempotency key: the same request again gets the stored result, another
 * request under the same key is refused, and so is one that comes while the first still runs. The committing batch
 * stores the result; what committed nothing is stored here. Refusals free the key, unless Stripe already did something.
 */
export async function once<N extends CommandName>(
  deps: Deps,
  command: Command<N>,
  origin: Origin,
  run: (deps: Deps) => Promise<Result<Output<N>>>,
): Promise<{ result: Result<Output<N>>; replayed: boolean }> {
  if (!origin.idempotency || !origin.caller || unremembered.has(command.name))
    return { result: await run(deps), replayed: false };

  const { key, fingerprint, target } = origin.idempotency;
  const claim: OpenClaim = {
    caller: origin.caller,
    operation: [command.name, ...target].join(":"),
    key,
    fingerprint,
    claimId: deps.newId(),
    settled: false,
  };
  const nowMs = deps.nowMs();
  const row = await claimKey(deps.db, { ...claim, nowMs, expiresAtMs: nowMs + keptMs, leaseMs });
  if (row?.claimId !== claim.claimId) {
    if (row?.fingerprint !== fingerprint) return { result: refuse("idempotency_key_reused"), replayed: false };
    if (row.doneBy === null) return { result: refuse("idempotency_key_running"), replayed: false };
    return { result: row.result as Result<Output<N>>, replayed: true };
  }
  return { result: await settling(deps, claim, () => run({ ...deps, claim })), replayed: false };
}

async function settling<T>(deps: Deps, claim: OpenClaim, run: () => Promise<Result<T>>): Promise<Result<T>> {
  let result: Result<T> | undefined;
  try {
    result = await run();
    return result;
  } finally {
    if (!claim.settled) {
      const keep = result !== undefined && (result.ok || isRemembered(result.refusal));
      await deps.db.batch([keep ? settleKey(deps.db, claim, result) : freeKey(deps.db, claim)]);
    }
  }
}

function isRemembered(refusal: Refusal): boolean {
  return refusals[refusal].afterEffect;
}
