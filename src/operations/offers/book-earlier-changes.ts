import type { Checkout } from "../../db/offers/testimonies";
import type { SessionFacts } from "../../stripe/checkout";
import { listDisputes } from "../../stripe/disputes";
import type { Deps } from "../deps";
import { recordDispute } from "./record-dispute";
import { recordRefundAtStripe } from "./record-refund-at-stripe";

/**
 * Books what happened to a charge before its payment was settled: disputes and out-of-band refunds. If Stripe does not
 * answer at this moment, the payment is settled all the same, and Stripe's events report it again.
 */
export async function bookEarlierChanges(
  deps: Deps,
  { testimonyId, id: checkoutId }: Checkout,
  charge: NonNullable<SessionFacts["charge"]>,
): Promise<void> {
  const { reservation: _, ...withoutReservation } = deps; // the request's answer is not written by this
  if (charge.disputed) {
    const listed = await listDisputes(deps.stripe, charge.id);
    if (!listed.ok) deps.log.warn("disputes_not_listed", { chargeId: charge.id, failure: listed.failure.kind });
    for (const { id: disputeId } of listed.ok ? listed.value : []) {
      await recordDispute(withoutReservation, { testimonyId, disputeId });
    }
  }
  if (charge.money.refundedPastUsMinor > 0) await recordRefundAtStripe(withoutReservation, { testimonyId, checkoutId });
}
