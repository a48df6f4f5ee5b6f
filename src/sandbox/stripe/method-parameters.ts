import type Stripe from "stripe";
import type { Call } from "./call";
import { methodFromDetails } from "./given-method";
import { methodFor } from "./usable-method";

/** Returns the method that a request names, by id or by its details; null if it names none. */
export function namedMethodOf({ world, account, parameters }: Call): Stripe.PaymentMethod | null {
  if (parameters.has("payment_method_data")) {
    return methodFromDetails(world, account, parameters.child("payment_method_data"));
  }
  const id = parameters.text("payment_method");
  return id === null ? null : methodFor(world, account, id, "payment_method");
}
