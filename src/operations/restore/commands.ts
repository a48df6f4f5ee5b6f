import type { RestoreMark } from "../../db/restore-mark";
import type { LostList } from "../../stripe/lost-objects";
import type { PaymentKey } from "../payments/commands";

/**
 * What became of one object at Stripe that was made in the lost time:
 * - `known`: the database has its row, and checked it as usual.
 * - `linked`: an account whose row was lost belongs to its owner again.
 * - `rebuilt`: a checkout, a payment or a refund whose row was lost has one again.
 * - `returned`: its offer is lost, so the client got the money back.
 * - `unpaid`: its offer is lost, but nobody had paid.
 * - `pending`: its offer is lost, and a bank still decides whether it pays. Stripe's event about that returns the money.
 * - `open`: Stripe did not say what became of it, so it must be searched again.
 * - `taken`: another object has its place by now, so it was left as it is.
 * - `nobody`: whoever it belongs to is lost as well, or Stripe refused to return the money.
 */
export type Recovered =
  | "known"
  | "linked"
  | "rebuilt"
  | "returned"
  | "unpaid"
  | "pending"
  | "open"
  | "taken"
  | "nobody";

/** The place in Stripe's lists at which a page begins. */
export interface RecoveryPlace {
  list: LostList;
  /** Our id of the connected account that the list belongs to; null for the platform's own lists. */
  accountId: string | null;
  /** Stripe's id of the object that was read last; null at the beginning of the list. */
  after: string | null;
}

/** The result of reading one page. */
export interface RecoveredPage {
  place: RecoveryPlace;
  /** What became of each object on the page. Objects that are not ours are left out. */
  found: { id: string; outcome: Recovered }[];
  /** The place at which the next page begins; null after the last page of the last list. */
  next: RecoveryPlace | null;
}

/** The commands for the time after a restore of the database (src/guides/operate.md#restoring-the-database). */
export interface RestoreCommands {
  "mark-restored": { input: { restoredToMs: number; operator: string }; output: RestoreMark };
  /** Recovers one page; without a place, the first page of the first list. */
  "recover-lost-time": { input: { place: RecoveryPlace | null; operator: string }; output: RecoveredPage };
  "end-recovery": { input: { operator: string }; output: null };
  "recover-payout-account": {
    input: { userId: string; stripeAccountId: string; operator: string };
    output: Recovered;
  };
  "recover-connected-account": {
    input: { id: string; developerId: string; stripeAccountId: string; operator: string };
    output: Recovered;
  };
  "recover-checkout": {
    input: {
      testimonyId: string;
      checkoutId: string;
      /** Stripe's id of the session; undefined if only the PaymentIntent that paid it is known. */
      sessionId: string | undefined;
      paymentIntentId: string | null;
      operator: string;
    };
    output: Recovered;
  };
  "recover-refunds": { input: { testimonyId: string; operator: string }; output: Recovered };
  "recover-payout": { input: { testimonyId: string; payoutId: string }; output: Recovered };
  "recover-payment": {
    input: PaymentKey & { userId: string | undefined; stripeId: string; stripeAccountId: string; operator: string };
    output: Recovered;
  };
}
