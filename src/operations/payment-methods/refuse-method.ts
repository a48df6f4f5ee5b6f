import { type Refused, refuse } from "../../domain/result";
import type { StripeFailure } from "../../stripe/failure";
import { refusedByStripe } from "../payments/refused-by-stripe";

/** Why Stripe would not have a method, in its own words; or that it could not be asked. */
export function refuseMethod(failure: StripeFailure): Refused {
  if (failure.meaning !== "refused") return refuse("stripe_unavailable", failure.message);
  return refusedByStripe(failure, "method_refused");
}
