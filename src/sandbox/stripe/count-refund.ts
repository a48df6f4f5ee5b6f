import type Stripe from "stripe";
import type { World } from "../core/world";

/** Adds a refund to its charge's refunded amount; a negative amount subtracts it. */
export function changeRefunded(world: World, account: string, charge: Stripe.Charge, byMinor: number) {
  const refunded = charge.amount_refunded + byMinor;
  return world.change("charge", account, charge.id, {
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  });
}
