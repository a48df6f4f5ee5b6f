import type Stripe from "stripe";
import type { World } from "../core/world";
import { attemptCharge, type Instrument } from "./attempt-charge";
import { collectAuthorized } from "./collect";
import { AUTHORIZATION_SECONDS } from "./delays";
import { newRefund } from "./new-refund";

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

/** Takes `amountMinor` of what is reserved; the rest is released, which Stripe shows as a refund that moves no money. */
export function captureAuthorized(
  world: World,
  account: string,
  charge: Stripe.Charge,
  amountMinor: number,
  members: Partial<Stripe.Charge>,
): void {
  const rest = charge.amount - amountMinor;
  if (rest > 0) {
    recordRelease(world, account, charge, rest);
  }
  collectAuthorized(world, account, charge, {
    ...members,
    captured: true,
    amount_captured: amountMinor,
    amount_refunded: rest,
  });
}

/** Gives the whole reservation back. The charge then counts as refunded, though no money ever moved. */
export function releaseAuthorized(
  world: World,
  account: string,
  chargeId: string,
  event: "charge.refunded" | "charge.expired",
): void {
  const charge = world.objects.get("charge", account, chargeId);
  recordRelease(world, account, charge, charge.amount);
  const { object, previous } = world.change("charge", account, chargeId, {
    amount_refunded: charge.amount,
    refunded: true,
  });
  world.emit(event, object, { account, previous });
}

function recordRelease(world: World, account: string, charge: Stripe.Charge, amountMinor: number): void {
  const destination_details = { type: "card", card: { type: "reversal" as const } };
  const refund = newRefund(world, charge, { amount: amountMinor, destination_details });
  world.insert("refund", account, refund, { plan: "succeed" });
}
