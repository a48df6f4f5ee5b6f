import { loadTestimony } from "../db/offers/testimonies";
import { done, type Result } from "../domain/result";
import type { Deps } from "./deps";
import type { FollowUps } from "./follow-ups";
import { openCheckout } from "./offers/checkout-session";
import { expireCheckout } from "./offers/expire-checkout";
import { openAccount } from "./offers/payout-account";
import { returnPayment } from "./offers/return-payment";
import { reversePayout } from "./offers/reverse-payout";
import { sendPayout } from "./offers/send-payout";

/** Executes a pending Stripe call, or resumes one whose outcome is unknown. A settled call needs nothing. */
export async function resumeEffect(
  deps: Deps,
  { root, aggregateId, effectId }: FollowUps["resume-effect"],
): Promise<Result<null>> {
  if (root === "account") return nothing(await openAccount(deps, aggregateId));
  const aggregate = await loadTestimony(deps.db, aggregateId);
  const effect = aggregate?.openEffects.find((one) => one.id === effectId);
  if (!aggregate || !effect) return done;
  const checkout = aggregate.checkouts.find((one) => one.id === effect.subjectId);
  const payout = aggregate.payouts.find((one) => one.id === effect.subjectId);
  const refund = aggregate.refunds.find((one) => one.id === effect.subjectId);
  if (effect.kind === "create-session" && checkout)
    return nothing(await openCheckout(deps, aggregate, checkout, "clock"));
  if (effect.kind === "expire-session" && checkout) return expireCheckout(deps, aggregate, checkout, effect);
  if (effect.kind === "create-refund" && refund) return returnPayment(deps, aggregate, refund, effect);
  if (effect.kind === "create-transfer" && payout) return sendPayout(deps, aggregate, payout, effect);
  if (effect.kind === "reverse-transfer" && payout) return reversePayout(deps, aggregate, payout, effect);
  throw new Error(`no operation resumes a ${effect.kind}`);
}

function nothing(result: Result<unknown>): Result<null> {
  return result.ok ? done : result;
}
