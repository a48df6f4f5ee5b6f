import { clearEverywhere } from "../db/attention";
import type { Statement } from "../db/database";
import type { StripeFailure } from "../stripe/failure";
import { raise } from "./attention";
import type { Deps } from "./deps";

/**
 * Makes the row that tells the operator what Stripe demands of the platform's owner before it opens accounts. Returns
 * nothing for any other failure.
 */
export function platformNotReady(deps: Deps, aggregateId: string, { kind, todo }: StripeFailure): Statement[] {
  if (kind !== "platform_not_ready") return [];
  const about = { aboutKind: "account", aboutId: aggregateId } as const;
  return [raise(deps, aggregateId, { kind: "platform_not_ready", ...about, ...(todo && { note: todo }) })];
}

/** Closes such rows once an account was opened: everybody who was refused before may ask again. */
export function platformReady({ db, nowMs }: Deps): Statement {
  return clearEverywhere(db, "platform_not_ready", { atMs: nowMs(), by: "stripe" });
}
