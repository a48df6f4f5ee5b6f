import type { Deps } from "../deps";

/** A key means one request for as long as it is kept (src/guides/decisions.md#keys). */
const keptMs = 24 * 60 * 60 * 1000;

/**
 * What a row or a call remembers of the request that asked for it: its idempotency key, or else the run that it is carried
 * out by, which begins anew after a lost race and must not ask for the same twice.
 */
export function requestKey(deps: Deps): string {
  return `${scopeOf(deps)}\n${fingerprintOf(deps)}`;
}

/**
 * Whether something was asked for by the very request that is asked now, which an interruption, a lost answer or a lost
 * race may have left unsettled. `reused`: by another request under the same key, while the key is kept.
 */
export function askedBy(
  deps: Pick<Deps, "claim" | "runId" | "nowMs">,
  { requestKey: stored, createdAt }: { requestKey: string | null | undefined; createdAt: number },
): "this" | "reused" | undefined {
  if (!stored) return undefined;
  const [scope, fingerprint] = stored.split("\n");
  if (scope !== scopeOf(deps)) return undefined;
  if (fingerprint === fingerprintOf(deps)) return "this";
  return deps.nowMs() - createdAt < keptMs ? "reused" : undefined;
}

type Asking = Pick<Deps, "claim" | "runId">;

function scopeOf({ claim, runId }: Asking): string {
  return claim ? `${claim.caller} ${claim.operation} ${claim.key}` : `run ${runId}`;
}

function fingerprintOf({ claim }: Asking): string {
  return claim?.fingerprint ?? "";
}
