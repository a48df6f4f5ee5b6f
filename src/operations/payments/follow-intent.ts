import type { Payment } from "../../db/payments/payments";
import { type Actor, step } from "../../domain/machine";
import { isLost, paymentMachine, transitionTo } from "../../domain/payments/payment";
import type { IntentFacts } from "../../stripe/payment-intents";

/**
 * Returns the payment as its PaymentIntent is at Stripe. An answer that is older than what we know changes nothing:
 * final states stay final.
 */
export function followIntent(payment: Payment, intent: IntentFacts, actor: Actor): Payment {
  const transition = transitionTo(intent.status, intent.cancellationReason, payment.state);
  if (transition === undefined) return payment; // an unknown status decides nothing
  // A payment that was given up with its account comes back with the account, as if it had just been made.
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

/** Returns our fee. A partial capture has its part of the fee. */
function feeOf(payment: Payment, { charge }: IntentFacts, state: Payment["state"]): number {
  return state === "succeeded" && charge ? charge.applicationFeeMinor : payment.applicationFeeMinor;
}
