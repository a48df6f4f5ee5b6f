import { loadTestimony } from "../../db/offers/testimonies";
import { type Result, refuse } from "../../domain/result";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { cancelTestimony } from "./cancel-testimony";
import { endPage } from "./start-checkout";

/**
 * Cancels an unpaid testimony of a client who is being deleted. Its payable pages are expired at Stripe before, so that
 * a payment which comes meanwhile is accepted and not refunded: then nothing is cancelled.
 */
export async function endTestimony(
  deps: Deps,
  { testimonyId, userId }: FollowUps["end-testimony"],
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const checkout = aggregate.checkouts.find(({ state }) => state === "open");
  if (!checkout) return cancelTestimony(deps, { testimonyId, userId, cancellationReason: null });
  const ended = await endPage(deps, aggregate, checkout);
  return ended.ok || ended.refusal === "session_expired" ? endTestimony(deps, { testimonyId, userId }) : ended;
}
