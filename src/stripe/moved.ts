import type Stripe from "stripe";

/** What an object has moved on a balance, in the currency that the balance holds: Stripe converts what comes in another. */
export interface Moved {
  currency: string;
  /** The amount itself. */
  amountMinor: number;
  /** What is left of it after fees. */
  netMinor: number;
}

type Transaction = string | Stripe.BalanceTransaction | null | undefined;

/** Adds balance transactions up. Undefined where Stripe has none yet, or has not shown them. */
export function movedBy(transactions: readonly Transaction[]): Moved | undefined {
  const shown = transactions.filter((one) => typeof one === "object" && one !== null);
  const [first] = shown;
  if (!first) return undefined;
  return {
    currency: first.currency,
    amountMinor: shown.reduce((sum, { amount }) => sum + amount, 0),
    netMinor: shown.reduce((sum, { net }) => sum + net, 0),
  };
}
