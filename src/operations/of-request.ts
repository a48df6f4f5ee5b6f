import type { KeyReservation } from "../db/idempotency";
import { dayMs } from "../domain/time";
import type { Deps } from "./deps";

/** Time for which a key means one request (src/guides/decisions.md#keys). */
export const keyKeptMs = dayMs;

/**
 * Returns what a row or a call remembers of the request that caused it: its idempotency key, or else the run that
 * executes it, which begins again after a lost race and must not request the same twice.
 */
export function requestKey(deps: Asking): string {
  const { reservation, runId } = deps;
  return `${reservation ? scopeOf(reservation) : `run ${runId}`}\n${reservation?.fingerprint ?? ""}`;
}

/**
 * Returns the same for an object at Stripe: should our row be lost, a repeated request is recognised by it. Returns
 * undefined if the request carries no idempotency key. Neither the key nor the caller can be read from it.
 */
export async function requestKeyAtStripe({ reservation }: Pick<Deps, "reservation">): Promise<string | undefined> {
  if (!reservation) return undefined;
  const scope = new TextEncoder().encode(scopeOf(reservation));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", scope));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hash} ${reservation.fingerprint}`;
}

/**
 * Tells whether a row was requested by the very request that is running (`this`), which an interruption, a lost answer
 * or a lost race may have left unfinished. `reused` means by another request under the same key, while the key is kept.
 */
export function askedBy(
  deps: Pick<Deps, "reservation" | "runId" | "nowMs">,
  { requestKey: stored, createdAt }: { requestKey: string | null | undefined; createdAt: number },
  /** The running request's key as `requestKeyAtStripe` makes it, for rows that were rebuilt from objects at Stripe. */
  keyAtStripe?: string,
): "this" | "reused" | undefined {
  if (!stored) return undefined;
  const own = stored.includes("\n") ? requestKey(deps) : keyAtStripe;
  const [scope, fingerprint] = stored.split(separator);
  const [ownScope, ownFingerprint] = own?.split(separator) ?? [];
  if (scope !== ownScope) return undefined;
  if (fingerprint === ownFingerprint) return "this";
  return deps.nowMs() - createdAt < keyKeptMs ? "reused" : undefined;
}

/** The separator between the caller's key and the fingerprint: a line break in our rows, the last space at Stripe. */
const separator = /\n| (?=[^ \n]*$)/;

type Asking = Pick<Deps, "reservation" | "runId">;

/** Returns the scope of an idempotency key: within it, a key means one request. */
export function scopeOf({ caller, operation, key }: KeyReservation): string {
  return `${caller} ${operation} ${key}`;
}
