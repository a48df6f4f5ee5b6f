import type Stripe from "stripe";
import type { World } from "../core/world";
import { attemptCharge, type Instrument } from "./attempt-charge";
import { collectAuthorized } from "./collect";
import { AUTHORIZATION_SECONDS } from "./delays";

/** Reserves the amount on the card, to be captured within a week. */
export function authorize(
  world: World,
  account: string,
  intentId: string,
  instrument: Instrument,
  isAuthenticated: boolean,
): void {
  const captureBeforeSeconds = world.now() + AUTHORIZATION_SECONDS;
  const charge = attemptCharge(world, account, intentId, instrument, "authorized", {
    captureBeforeSeconds,
    isAuthenticated,
  });
  world.emit("charge.succeeded", charge, { account });
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "requires_capture",
    amount_capturable: charge.amount,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    last_payment_error: null,
    next_action: null,
  });
  world.emit("payment_intent.amount_capturable_updated", object, { account, previous });
  world.due.add(captureBeforeSeconds, "expire_authorization", charge.id);
}

/**
 * Captures `amountMinor` of an authorization. The rest is released without a trace: since 2025-03-31.basil neither a
 * partial capture nor a cancellation makes a Refund or changes what the charge counts as refunded.
 * https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
 */
export function captureAuthorized(
  world: World,
  account: string,
  charge: Stripe.Charge,
  amountMinor: number,
  members: Partial<Stripe.Charge>,
): void {
  collectAuthorized(world, account, charge, {
    ...members,
    captured: true,
    amount_captured: amountMinor,
  });
}
