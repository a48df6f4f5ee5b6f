import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";
import { type ListRead, type PageRequest, readList } from "./read-list";

/** One line of Stripe's own books for a balance of ours or of a connected account. */
export interface BalanceLine {
  id: string;
  type: string;
  /** The object that moved the money, or the line itself where Stripe names none: its own bills. */
  reference: string;
  currency: string;
  netMinor: number;
  createdAtMs: number;
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

/** Every line of a balance, newest first: the platform's, whose account id is empty, or a connected account's. */
export async function listBalanceLines(
  stripe: StripeGateway,
  stripeAccountId = "",
): Promise<StripeOutcome<BalanceLine[]>> {
  const listed = await stripe.list<Stripe.BalanceTransaction>(
    (sdk, page) => sdk.balanceTransactions.list(page, onAccount(stripeAccountId)),
    500,
  );
  return listed.ok ? { ok: true, value: listed.value.map(lineOf) } : listed;
}

/** What Stripe has billed the platform by itself in a span of time; what belongs to an object is not it. */
export async function readStripeFees(
  stripe: StripeGateway,
  start: ListPosition,
  pagesMax: number,
): Promise<ListRead & { bills: BalanceLine[] }> {
  const request: PageRequest<Stripe.BalanceTransaction> = (sdk, page) =>
    sdk.balanceTransactions.list({ ...page, type: "stripe_fee" });
  const bills: BalanceLine[] = [];
  const read = await readList(stripe, request, start, pagesMax, (lines) => {
    bills.push(...lines.map(lineOf).filter(isBill));
    return false;
  });
  return { ...read, bills };
}

/** Whether a line is a bill of Stripe's own: of a kind that no object explains, and no event announces. */
export function isBill({ id, type, reference }: BalanceLine): boolean {
  return type === "stripe_fee" && reference === id;
}

function lineOf({ id, type, source, currency, net, created }: Stripe.BalanceTransaction): BalanceLine {
  const sourceId = typeof source === "string" || source === null ? source : source.id;
  return { id, type, reference: sourceId ?? id, currency, netMinor: net, createdAtMs: created * 1000 };
}
