import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";

/**
 * Lines that Stripe itself writes into a balance, with the reporting category of each. Costs of the card networks have
 * the type of Stripe's fees: https://docs.stripe.com/reports/balance-transaction-types
 */
export const OWN_LINES = {
  adjustment: { type: "adjustment", category: "other_adjustment" },
  connect_collection_transfer: { type: "connect_collection_transfer", category: "connect_collection_transfer" },
  fee_credit_funding: { type: "fee_credit_funding", category: "fee" },
  network_cost: { type: "stripe_fee", category: "network_cost" },
  payout_minimum_balance_hold: { type: "payout_minimum_balance_hold", category: "payout_minimum_balance_hold" },
  payout_minimum_balance_release: {
    type: "payout_minimum_balance_release",
    category: "payout_minimum_balance_release",
  },
  reserve_hold: { type: "reserve_hold", category: "risk_reserved_funds" },
  reserve_release: { type: "reserve_release", category: "risk_reserved_funds" },
  reserve_transaction: { type: "reserve_transaction", category: "risk_reserved_funds" },
  stripe_fee: { type: "stripe_fee", category: "fee" },
  stripe_fx_fee: { type: "stripe_fx_fee", category: "fee" },
  tax_fee: { type: "tax_fee", category: "tax" },
  topup: { type: "topup", category: "topup" },
  /** A type that Stripe does not document, because types are added without a new version of the API. */
  unheard_of: { type: "unheard_of", category: "other" },
} as const;

export type OwnLine = keyof typeof OWN_LINES;

/**
 * The content of such a line, which is made at once and dated back: Stripe's bills may appear later than they are
 * dated.
 */
export interface OwnLineTerms {
  line: OwnLine;
  /** A negative amount is taken from the balance. */
  amountMinor: number;
  currency: string;
  ageSeconds: number;
  /** The account that it is on; empty for the platform. */
  account: string;
}

/** Writes such a line, and the other side of a collection, which fills up an account that is below zero. */
export function writeOwnLine(world: World, terms: OwnLineTerms): Stripe.BalanceTransaction {
  const { line, amountMinor, currency, ageSeconds, account } = terms;
  const isCollection = line === "connect_collection_transfer";
  if (isCollection && (account === PLATFORM || amountMinor >= 0)) {
    throw refused(undefined, "A collection takes from the platform what an account owes: name the account.");
  }
  const written = { ...OWN_LINES[line], currency, source: null, description: line };
  return world.clock.at(world.now() - ageSeconds, () => {
    if (!isCollection) return post(world, account, { ...written, amountMinor });
    post(world, account, { ...written, amountMinor: -amountMinor });
    return post(world, PLATFORM, { ...written, amountMinor });
  });
}
