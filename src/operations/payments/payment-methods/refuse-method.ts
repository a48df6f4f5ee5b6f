import { type Refused, refuse } from "../../../domain/result";
import type { StripeFailure } from "../../../stripe/failure";
import { refusedByStripe } from "../refused-by-stripe";

/** Makes the refusal of a method, in Stripe's own words, or says that Stripe could not be asked. */
export function refuseMethod(failure: StripeFailure): Refused {
  if (failure.meaning !== "refused") return refuse("stripe_unavailable", failure.message);
  return refusedByStripe(failure, "method_refused");
}
