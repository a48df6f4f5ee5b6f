import { type Checkout, loadTestimony } from "../../db/offers/testimonies";
import { type Result, refuse, success } from "../../domain/result";
import type { Deps } from "../deps";
import type { FollowUps, Recovered } from "../follow-ups";
import { type OwnRefund, ownRefunds } from "../offers/forgotten-refunds";
import { recordRefundAtStripe } from "../offers/record-refund-at-stripe";
import { refundTestimony } from "../offers/refund-testimony";

/** The most refunds that one run resumes. A testimony has few, and the next run resumes the rest. */
const refundsMax = 20;

/**
 * Resumes the refunds of a testimony that were made in the lost time and have no row. If a refund is of an acceptance
 * that is still valid, it is requested again under its own id, with everything that follows: Stripe's refund is found
 * by that id, so no second one is made. The money of any other refund is booked as having left. Returns `nobody` if the
 * testimony is lost. Refuses `stripe_unavailable`.
 */
export async function recoverRefunds(
  deps: Deps,
  { testimonyId, operator }: FollowUps["recover-refunds"],
): Promise<Result<Recovered>> {
  let outcome: Recovered = "known";
  for (let taken = 0; taken < refundsMax; taken += 1) {
    const next = await nextForgotten(deps, testimonyId);
    if (!next.ok) return next;
    if (next.value === "nobody") return success("nobody");
    if (next.value === undefined) break;
    const { checkout, refund } = next.value;
    const reason = "Refunded before the database was put back";
    const input = {
      testimonyId,
      operator,
      reason,
      amountMinor: refund.amountMinor,
      forgottenRefundId: refund.refundId,
    };
    const isAgain = refund.ofAcceptance && checkout.state === "accepted";
    const again = isAgain ? await refundTestimony(deps, input) : undefined;
    if (again?.ok) {
      outcome = "rebuilt";
      continue;
    }
    const booked = await recordRefundAtStripe(deps, { testimonyId, checkoutId: checkout.id });
    return booked.ok ? success(outcome) : booked;
  }
  return success(outcome);
}

/** Finds a refund of ours without a row, the oldest of its checkout; undefined if every refund of ours has a row. */
async function nextForgotten(
  deps: Deps,
  testimonyId: string,
): Promise<Result<{ checkout: Checkout; refund: OwnRefund } | "nobody" | undefined>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return success("nobody");
  for (const checkout of aggregate.checkouts) {
    const own = await ownRefunds(deps, aggregate, checkout);
    if (!own.ok) return refuse("stripe_unavailable", own.failure.message);
    const [refund] = own.value.forgotten;
    if (refund) return success({ checkout, refund });
  }
  return success(undefined);
}
