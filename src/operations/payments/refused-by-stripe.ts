import type { PaymentError } from "../../db/payments/tables";
import type { Refusal } from "../../domain/refusal";
import { type Refused, refuse } from "../../domain/result";
import type { FailureKind, StripeFailure } from "../../stripe/failure";

const refusalsByFailure: Partial<Record<FailureKind, Refusal>> = {
  card_declined: "card_declined",
  insufficient_funds: "card_declined",
  state_wrong: "state_wrong",
  amount_wrong: "amount_refused",
  not_wanted: "order_cancelled",
  account_gone: "account_gone",
  customer_gone: "method_gone",
  mandate_missing: "mandate_required",
  paid_already: "payment_exists",
};

/**
 * Makes the caller's refusal from Stripe's: with Stripe's words, which are about the caller's own objects, and the
 * bank's reason. `otherwise` names refusals of no special kind.
 */
export function refusedByStripe(failure: StripeFailure, otherwise: Refusal): Refused {
  const { kind, code, declineCode, stripeRequestId, message } = failure;
  const words = stripeRequestId === undefined ? message : `Request ${stripeRequestId}: ${message}`;
  const facts = {
    ...(code === undefined ? {} : { stripeCode: code }),
    ...(declineCode === undefined ? {} : { declineCode }),
  };
  return refuse(refusalsByFailure[kind] ?? otherwise, words, facts);
}

/** Makes the same refusal for a decline that is known from elsewhere than the call's answer. */
export function declinedAgain({ code, declineCode, message }: PaymentError): Refused {
  return refuse("card_declined", message, { stripeCode: code, ...(declineCode === null ? {} : { declineCode }) });
}
