import type { Deps } from "../deps";

/** A key means one request for as long as it is kept (decisions X5). */
const keptMs = 24 * 60 * 60 * 1000;

/** What a row or a call of a keyed request remembers of it; null for a request without a key. */
export function requestKey({ claim }: Deps): string | null {
  return claim ? `${scopeOf(claim)}\n${claim.fingerprint}` : null;
}

/**
 * Whether something was asked for by the very request that is asked now, which an interruption or a lost answer may have
 * left unsettled. `reused`: by another request under the same key, while the key is kept.
 */
export function askedBy(
  { claim, nowMs }: Pick<Deps, "claim" | "nowMs">,
  { requestKey: stored, createdAt }: { requestKey: string | null | undefined; createdAt: number },
): "this" | "reused" | undefined {
  if (!claim || !stored) return undefined;
  const [scope, fingerprint] = stored.split("\n");
  if (scope !== scopeOf(claim)) return undefined;
  if (fingerprint === claim.fingerprint) return "this";
  return nowMs() - createdAt < keptMs ? "reused" : undefined;
}

function scopeOf({ caller, operation, key }: { caller: string; operation: string; key: string }): string {
  return `${caller} ${operation} ${key}`;
}
