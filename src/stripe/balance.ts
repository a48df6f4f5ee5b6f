import type Stripe from "stripe";
import type { LedgerAccount } from "../domain/ledger";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { accountOf } from "./line-types";
import { onAccount } from "./on-account";
import { type ListRead, type PageRequest, readList } from "./read-list";

/** One line of Stripe's own list for a balance of ours or of a connected account. */
export interface BalanceLine {
  id: string;
  type: string;
  /** The ledger account that it is booked to; `object` if the object's command books it, null if nobody has decided. */
  account: LedgerAccount | "object" | null;
  /** The object that moved the money; or the line itself, if Stripe names none or none explains it. */
  reference: string;
  currency: string;
  netMinor: number;
  createdAtMs: number;
}

/** The money that Stripe holds in one currency, in minor units. */
export interface HeldMinor {
  availableMinor: number;
  /** Money that becomes available once its charges have settled. */
  pendingMinor: number;
}

/** Reads what Stripe holds per currency: for the platform, whose account id is empty, or for a connected account. */
export async function retrieveBalance(
  stripe: StripeGateway,
  stripeAccountId = "",
): Promise<StripeOutcome<Map<string, HeldMinor>>> {
  const outcome = await stripe.callWithoutId("balance", (sdk) => sdk.balance.retrieve({}, onAccount(stripeAccountId)));
  if (!outcome.ok) return outcome;
  const held = new Map<string, HeldMinor>();
  const at = (currency: string) => held.get(currency) ?? { availableMinor: 0, pendingMinor: 0 };
  for (const { currency, amount } of outcome.value.available) {
    held.set(currency, { ...at(currency), availableMinor: at(currency).availableMinor + amount });
  }
  for (const { currency, amount } of outcome.value.pending) {
    held.set(currency, { ...at(currency), pendingMinor: at(currency).pendingMinor + amount });
  }
  return { ok: true, value: held };
}

/** Lists every line of a balance, newest first: the platform's, whose account id is empty, or a connected account's. */
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

/** A line that no object explains: bills, payouts to our bank, reserves, corrections. */
export type OwnLine = BalanceLine & { account: LedgerAccount };

/** Reads the lines of one type that Stripe itself wrote into the platform's balance in a span of time. */
export async function readOwnLines(
  stripe: StripeGateway,
  type: string,
  start: ListPosition,
  pagesMax: number,
): Promise<ListRead & { lines: OwnLine[] }> {
  const request: PageRequest<Stripe.BalanceTransaction> = (sdk, page) =>
    sdk.balanceTransactions.list({ ...page, type });
  const lines: OwnLine[] = [];
  const read = await readList(stripe, request, start, pagesMax, (listed) => {
    lines.push(...listed.map(lineOf).filter(isOwn));
    return false;
  });
  return { ...read, lines };
}

/** Tells whether a line is Stripe's own: then the clock books it under the line's id. */
export function isOwn(line: BalanceLine): line is OwnLine {
  return line.account !== null && line.account !== "object";
}

function lineOf({ id, type, source: given, currency, net, created }: Stripe.BalanceTransaction): BalanceLine {
  const source = typeof given === "string" || given === null ? given : given.id;
  const account = accountOf({ type, source });
  const reference = account === "object" ? (source ?? id) : id;
  return { id, type, account, reference, currency, netMinor: net, createdAtMs: created * 1000 };
}
