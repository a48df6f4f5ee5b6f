import type { Order } from "../../db/payments/orders";
import { type Refused, refuse } from "../../domain/result";
import { retrieveDefaultCurrency } from "../../stripe/accounts";
import type { Deps } from "../deps";

type Terms = Pick<Order, "stripeAccountId" | "currency" | "applicationFeeMinor">;

/**
 * Refuses terms of which Stripe would convert anything, if the setting demands it: a charge is converted to its
 * account's default currency, and our fee of it to the platform's. https://docs.stripe.com/connect/currencies
 */
export async function refuseConversion(
  deps: Deps,
  { stripeAccountId, currency, applicationFeeMinor }: Terms,
): Promise<Refused | undefined> {
  if (deps.settings.convertedCurrencies === "allow") return undefined;
  const holders = [
    ["the account", stripeAccountId],
    ...(applicationFeeMinor > 0 ? ([["the platform", null]] as const) : []),
  ] as const;
  for (const [holder, id] of holders) {
    const asked = await retrieveDefaultCurrency(deps.stripe, id);
    if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);
    if (asked.value !== currency) {
      return refuse("currency_refused", `currency must be ${asked.value}: ${holder} holds no ${currency}`);
    }
  }
  return undefined;
}
