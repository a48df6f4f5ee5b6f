import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { giveBackFee } from "./application-fees";
import { post } from "./balance-transactions";
import { changeRefunded } from "./count-refund";
import { newRefund } from "./new-refund";
import type { RefundPlan } from "./test-methods";

type Given = Pick<Stripe.Refund, "id" | "amount" | "metadata" | "reason"> & { feeMinor?: number | undefined };

/**
 * Makes a refund wait, because the balance does not cover it:
 * https://docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason
 */
export function waitForFunds(
  world: World,
  account: string,
  charge: Stripe.Charge,
  { feeMinor = 0, ...given }: Given,
): Stripe.Refund {
  const refund = newRefund(world, charge, { ...given, pending_reason: "insufficient_funds", status: "pending" });
  world.insert("refund", account, refund, { plan: "pending_without_funds" satisfies RefundPlan, feeMinor });
  const refunded = changeRefunded(world, account, charge, refund.amount);
  world.emit("refund.created", refund, { account });
  world.emit("charge.refunded", refunded.object, { account, previous: refunded.previous });
  return refund;
}

/** Moves the money of a refund that waited for funds, and refunds our fee with it. */
export function fund(world: World, account: string, refund: Stripe.Refund): Stripe.Refund {
  const charge = world.objects.get("charge", account, String(refund.charge));
  const feeMinor = Number(world.objects.hidden(refund.id).feeMinor ?? 0);
  const transaction = post(world, account, {
    type: "refund",
    category: "refund",
    amountMinor: -refund.amount,
    currency: refund.currency,
    source: refund.id,
    applicationFeeMinor: -feeMinor,
  });
  if (feeMinor > 0) {
    giveBackFee(world, world.objects.get("application_fee", PLATFORM, String(charge.application_fee)), feeMinor);
  }
  return { ...refund, balance_transaction: transaction.id };
}
