import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { proportionalFee } from "./application-fees";
import { postChargeLater } from "./collect";

/**
 * Computes how much of the platform's fee is refunded with `refundedMinor` of the charge; null if that is less than a
 * cent.
 */
export function applicationFeeToRefund(
  world: World,
  account: string,
  chargeId: string,
  refundedMinor: number,
): { fee: Stripe.ApplicationFee; amountMinor: number } | null {
  // A fee that is not collected yet is collected first, because only then it can be refunded.
  postChargeLater(world, chargeId);
  const charge = world.objects.get("charge", account, chargeId);
  if (charge.application_fee === null) {
    throw refused(undefined, `Charge ${chargeId} has no application fee to refund.`, "refund_application_fee");
  }
  const fee = world.objects.get("application_fee", PLATFORM, String(charge.application_fee));
  const amountMinor = proportionalFee(fee, charge, refundedMinor);
  return amountMinor === 0 ? null : { fee, amountMinor };
}
