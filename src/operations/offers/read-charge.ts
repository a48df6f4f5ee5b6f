import type { Checkout, TestimonyAggregate } from "../../db/offers/testimonies";
import type { ChargeMoney } from "../../domain/offers/charge";
import { askCharge, type ChargeFacts } from "../../stripe/charge-facts";
import { failure, type StripeOutcome } from "../../stripe/failure";
import type { Deps } from "../deps";

/**
 * Asks Stripe for the present state of the money of a checkout's charge, right before a decision that depends on it.
 * Fails with `not_found` if the checkout was not paid by a charge. A rehearsal takes what we have recorded.
 */
export async function readCharge(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  /** A refund of ours whose row was lost by a restore: it counts as ours all the same. */
  forgottenRefundId?: string,
): Promise<StripeOutcome<ChargeFacts>> {
  const { refunds, payouts, disputes } = aggregate;
  const { id, testimonyId, chargeId, paymentIntentId } = checkout;
  if (deps.rehearsal) return { ok: true, value: { money: recordedMoney(aggregate, checkout), transfers: [] } };
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

function recordedMoney({ payouts, disputes, attention }: TestimonyAggregate, checkout: Checkout): ChargeMoney {
  const sum = (list: readonly { amountMinor: number | null }[]) =>
    list.reduce((total, { amountMinor }) => total + (amountMinor ?? 0), 0);
  const [openMinor, lostMinor] = (["open", "lost"] as const).map((state) =>
    sum(disputes.filter((one) => one.checkoutId === checkout.id && one.state === state)),
  ) as [number, number];
  const paid = payouts.filter((one) => one.checkoutId === checkout.id);
  return {
    capturedMinor: checkout.totalMinor,
    refundedByUsMinor: checkout.refundedMinor,
    refundedPastUsMinor: sum(attention.filter(({ kind }) => kind === "refunded_at_stripe")),
    waitingPastUsMinor: 0,
    openMinor,
    lostMinor,
    paidOutMinor: paid.reduce((total, { sentMinor, reversedMinor }) => total + sentMinor - reversedMinor, 0),
    spentPastUsMinor: 0,
    hasOpenDispute: openMinor > 0,
  };
}
