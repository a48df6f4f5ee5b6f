import { loadTestimony } from "../../db/offers/testimonies";
import { type Result, success } from "../../domain/result";
import type { Deps } from "../deps";
import type { FollowUps, Recovered } from "../follow-ups";
import { advancePayout } from "../offers/advance-payout";

/**
 * Asks Stripe about a payout for which a transfer was made in the lost time, so that this transfer counts and no other
 * is sent. Returns `nobody` if the payout is lost. Refuses `stripe_unavailable`.
 */
export async function recoverPayout(
  deps: Deps,
  { testimonyId, payoutId }: FollowUps["recover-payout"],
): Promise<Result<Recovered>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const payout = aggregate?.payouts.find(({ id }) => id === payoutId);
  if (!payout) return success("nobody");
  const result = await advancePayout(deps, { testimonyId, payoutId });
  return result.ok || result.refusal !== "stripe_unavailable" ? success("known") : result;
}
