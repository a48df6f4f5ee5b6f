import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";

/** One line of Stripe's own books for our balance. */
export interface BalanceLine {
  id: string;
  type: string;
  /** The object that moved the money. */
  source: string | null;
  currency: string;
  netMinor: number;
}

/** What Stripe holds for us, pending and available together, per currency. */
export async function retrieveBalance(stripe: StripeGateway): Promise<StripeOutcome<Map<string, number>>> {
  const outcome = await stripe.callWithoutId("balance", (sdk) => sdk.balance.retrieve());
  if (!outcome.ok) return outcome;
  const totals = new Map<string, number>();
  for (const { currency, amount } of [...outcome.value.available, ...outcome.value.pending]) {
    totals.set(currency, (totals.get(currency) ?? 0) + amount);
  }
  return { ok: true, value: totals };
}

/** Every line of our balance, newest first. */
export async function listBalanceLines(stripe: StripeGateway): Promise<StripeOutcome<BalanceLine[]>> {
  const listed = await stripe.list<Stripe.BalanceTransaction>((sdk, page) => sdk.balanceTransactions.list(page), 500);
  return listed.ok ? { ok: true, value: listed.value.map(lineOf) } : listed;
}

function lineOf(transaction: Stripe.BalanceTransaction): BalanceLine {
  const { source } = transaction;
  return {
    id: transaction.id,
    type: transaction.type,
    source: typeof source === "string" || source === null ? source : source.id,
    currency: transaction.currency,
    netMinor: transaction.net,
  };
}
