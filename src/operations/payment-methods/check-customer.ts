import { loadShopper } from "../../db/payment-methods";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveCustomer } from "../../stripe/customers";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { loseCustomer } from "./lose-customer";

/** Asks Stripe whether a shopper's customer on an account is still there, whatever the event that woke us said. */
export async function checkCustomer(
  deps: Deps,
  { userId, stripeAccountId }: Input<"check-customer">,
): Promise<Result<null>> {
  const shopper = await loadShopper(deps.db, userId);
  const customer = shopper.customers.find((one) => one.stripeAccountId === stripeAccountId);
  if (!customer) return done;
  const asked = await retrieveCustomer(deps.stripe, { id: customer.stripeId, stripeAccountId });
  // An account that is gone is told as such: its customers are no news beside it.
  if (!asked.ok)
    return asked.failure.kind === "account_gone" ? done : refuse("stripe_unavailable", asked.failure.message);
  if (!asked.value) await loseCustomer(deps, shopper, stripeAccountId);
  return done;
}
