import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";
import { OWN_LINES, type OwnLine } from "./own-line-types";

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
