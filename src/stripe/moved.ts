import type Stripe from "stripe";

/** The movement that an object caused on a balance, in the balance's currency: Stripe converts other currencies. */
export interface Moved {
  currency: string;
  /** The amount before fees. */
  amountMinor: number;
  /** The amount after fees. */
  netMinor: number;
}

type Transaction = string | Stripe.BalanceTransaction | null | undefined;

/** Sums balance transactions. Returns undefined if Stripe has none yet, or has not shown them. */
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
