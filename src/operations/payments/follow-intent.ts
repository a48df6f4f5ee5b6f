import type { Payment } from "../../db/payments";
import { type Actor, step } from "../../domain/machine";
import { isLost, paymentMachine, transitionTo } from "../../domain/payment";
import type { IntentFacts } from "../../stripe/payment-intents";

/**
 * The payment as Stripe has its PaymentIntent now. An answer that is older than what we know changes nothing: what is
 * over stays over.
 */
export function followIntent(payment: Payment, intent: IntentFacts, actor: Actor): Payment {
  const transition = transitionTo(intent.status, intent.cancellationReason, payment.state);
  if (transition === undefined) return payment; // a status of tomorrow: nothing to decide on
  // One that was given up with its account has come back with it, as if it had just been made.
  const isAllowed = step(paymentMachine, transition, isLost(payment) ? "creating" : payment.state, actor) !== undefined;
  const state = paymentMachine[transition].to;
  if (!isAllowed && state !== payment.state) return payment;
  return {
    ...payment,
    state,
    stripeId: intent.id,
    clientSecret: intent.clientSecret ?? payment.clientSecret,
    paymentMethodId: intent.paymentMethodId ?? payment.paymentMethodId,
    chargeId: intent.charge?.id ?? payment.chargeId,
    capturedMinor: state === "succeeded" ? intent.receivedMinor : payment.capturedMinor,
    applicationFeeMinor: feeOf(payment, intent, state),
    captureBefore: intent.charge?.captureBeforeMs ?? payment.captureBefore,
    nextAction: state === "requires_action" ? intent.nextAction : null,
    lastError: state === "requires_payment_method" ? intent.lastError : null,
  };
}

/** A part that is captured bears its part of the fee. */
function feeOf(payment: Payment, { charge }: IntentFacts, state: Payment["state"]): number {
  return state === "succeeded" && charge ? charge.applicationFeeMinor : payment.applicationFeeMinor;
}
