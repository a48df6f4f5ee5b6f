import type Stripe from "stripe";
import type { World } from "../core/world";
import { type Handler, pathId } from "./call";
import { CANCELABLE, refuseUnless } from "./intent-state";

/** `POST /v1/payment_intents/:id/cancel`: releases an authorization, which only the PaymentIntent shows. */
export const cancelPaymentIntent: Handler = (call) => {
  const { world, account, parameters } = call;
  const intent = world.objects.get("payment_intent", account, pathId(call));
  refuseUnless(intent, CANCELABLE, { beginning: "You cannot cancel this PaymentIntent", done: "canceled" });
  return cancelNow(world, account, intent.id, parameters.text("cancellation_reason"));
};

/** Cancels a PaymentIntent; the reason is `automatic` or `expired` if nobody requested it. */
export function cancelNow(
  world: World,
  account: string,
  id: string,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const { object, previous } = world.change("payment_intent", account, id, {
    status: "canceled",
    amount_capturable: 0,
    canceled_at: world.now(),
    cancellation_reason: reason,
    next_action: null,
  });
  world.emit("payment_intent.canceled", object, { account, previous });
  return object;
}

/** Cancels a PaymentIntent whose authorization expired before it was captured. */
export function expireAuthorization(world: World, chargeId: string): void {
  const account = world.objects.ownerOf(chargeId) ?? "";
  const charge = world.objects.get("charge", account, chargeId);
  const intent = world.objects.get("payment_intent", account, String(charge.payment_intent));
  if (intent.status === "requires_capture" && intent.latest_charge === chargeId) {
    world.emit("charge.expired", charge, { account });
    cancelNow(world, account, intent.id, "expired");
  }
}
