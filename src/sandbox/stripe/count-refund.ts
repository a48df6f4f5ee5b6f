import type Stripe from "stripe";
import type { World } from "../core/world";

/** Counts a refund on its charge; a negative amount takes it back. */
export function changeRefunded(world: World, account: string, charge: Stripe.Charge, byMinor: number) {
  const refunded = charge.amount_refunded + byMinor;
  return world.change("charge", account, charge.id, {
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  });
}
