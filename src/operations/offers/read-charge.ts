import type { Checkout, TestimonyAggregate } from "../../db/offers/testimonies";
import { askCharge, type ChargeFacts } from "../../stripe/charge-facts";
import { failure, type StripeOutcome } from "../../stripe/failure";
import type { Deps } from "../deps";

/**
 * Asks Stripe for the present state of the money of a checkout's charge, right before a decision that depends on it.
 * Fails with `not_found` if the checkout was not paid by a charge.
 */
export async function readCharge(
  deps: Deps,
  { refunds, payouts, disputes }: TestimonyAggregate,
  { id, testimonyId, chargeId, paymentIntentId }: Checkout,
  /** A refund of ours whose row was lost by a restore: it counts as ours all the same. */
  forgottenRefundId?: string,
): Promise<StripeOutcome<ChargeFacts>> {
  if (chargeId === null || paymentIntentId === null) {
    return { ok: false, failure: failure("not_found", "the checkout has no charge") };
  }
  return askCharge(deps.stripe, {
    chargeId,
    paymentIntentId,
    transferGroup: testimonyId,
    payoutId: payouts.find((one) => one.checkoutId === id)?.id,
    refundIds: new Set([
      ...refunds.filter((one) => one.checkoutId === id).map((one) => one.id),
      ...(forgottenRefundId === undefined ? [] : [forgottenRefundId]),
    ]),
    mayBeDisputed: disputes.some((one) => one.checkoutId === id && one.state !== "won"),
  });
}
