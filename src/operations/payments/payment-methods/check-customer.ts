import { loadShopper } from "../../../db/payments/payment-methods";
import { done, type Result, refuse } from "../../../domain/result";
import { retrieveCustomer } from "../../../stripe/customers";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";
import { loseCustomer } from "./lose-customer";

/**
 * Asks Stripe whether a shopper's customer on an account still exists. The event that caused the check is not trusted.
 */
export async function checkCustomer(
  deps: Deps,
  { userId, stripeAccountId }: Input<"check-customer">,
): Promise<Result<null>> {
  const shopper = await loadShopper(deps.db, userId);
  const customer = shopper.customers.find((one) => one.stripeAccountId === stripeAccountId);
  if (!customer) return done;
  const asked = await retrieveCustomer(deps.stripe, { id: customer.stripeId, stripeAccountId });
  // An account that is gone has its own event, so its customers need none.
  if (!asked.ok)
    return asked.failure.kind === "account_gone" ? done : refuse("stripe_unavailable", asked.failure.message);
  if (!asked.value) await loseCustomer(deps, shopper, stripeAccountId);
  return done;
}
