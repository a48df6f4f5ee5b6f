import type Stripe from "stripe";
import type { Handler } from "./call";

/** `GET /v1/balance`, of the platform or of the account in `Stripe-Account`. */
export const retrieveBalance: Handler = ({ world, account }) => {
  const balances = world.balances.of(account);
  return {
    object: "balance",
    available: balances.map(({ currency, available }) => ({
      amount: available,
      currency,
      source_types: { card: available },
    })),
    livemode: false,
    pending: balances.map(({ currency, pending }) => ({ amount: pending, currency, source_types: { card: pending } })),
  } satisfies Stripe.Balance;
};
