import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import type { Handler } from "./call";

/** `GET /v1/balance`, of the platform or of the account in `Stripe-Account`. */
export const retrieveBalance: Handler = ({ world, account }) => {
  const moved = world.balances.of(account);
  // An account that has never moved money has a zero balance in its own currency, not an empty list.
  const balances = moved.length > 0 ? moved : [world.balances.in(account, currencyOf(world, account))];
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

function currencyOf(world: World, account: string): string {
  return (account === PLATFORM ? null : world.objects.find("account", PLATFORM, account)?.default_currency) ?? "eur";
}
