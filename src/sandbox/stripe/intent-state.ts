import type Stripe from "stripe";
import { Refusal } from "../core/refusal";

type Status = Stripe.PaymentIntent["status"];

/** Statuses in which nobody has paid yet, so that everything may still change. */
export const CHANGEABLE: readonly Status[] = ["requires_payment_method", "requires_confirmation", "requires_action"];
export const CANCELABLE: readonly Status[] = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
];

/** Refuses what a PaymentIntent's status forbids; the answer contains the PaymentIntent. */
export function unexpectedState(intent: Stripe.PaymentIntent, message: string, param?: string): Refusal {
  return new Refusal(
    400,
    {
      type: "invalid_request_error",
      code: "payment_intent_unexpected_state",
      message,
      ...(param !== undefined && { param }),
      payment_intent: intent,
    },
    true,
  );
}

/** Refuses to do `done` (as in "captured") to a PaymentIntent in any other status. */
export function refuseUnless(
  intent: Stripe.PaymentIntent,
  allowed: readonly Status[],
  { beginning, done }: { beginning: string; done: string },
): void {
  if (!allowed.includes(intent.status)) {
    throw unexpectedState(
      intent,
      `${beginning} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${done}: ${allowed.join(", ")}.`,
    );
  }
}

/** Refuses to change a member of a PaymentIntent that is being paid or has ended. */
export function refuseChange(intent: Stripe.PaymentIntent, member: string): void {
  if (!CHANGEABLE.includes(intent.status)) {
    throw unexpectedState(
      intent,
      `This PaymentIntent's ${member} could not be updated because it has a status of ${intent.status}. You may only update the ${member} of a PaymentIntent with one of the following statuses: ${CHANGEABLE.join(", ")}.`,
      member,
    );
  }
}
