import type { RestoreMark } from "../../db/restore-mark";
import type { LostList } from "../../stripe/lost-objects";
import type { PaymentKey } from "../payments/commands";

/**
 * The outcome for an object that the lost time may have made: `known` to the database, and checked in the ordinary way;
 * `linked` or `rebuilt` if its row was lost; `returned` if nobody can have it any more; `unpaid` if no money depends on
 * it; `taken` if another has its place by now; `nobody` if everything that it names is lost.
 */
export type Recovered = "known" | "linked" | "rebuilt" | "returned" | "unpaid" | "taken" | "nobody";

/** A place in Stripe's lists: whose list, and the object that was read last. */
export interface RecoveryPlace {
  list: LostList;
  /** Ours of a connected account; null for the platform's own lists. */
  accountId: string | null;
  after: string | null;
}

/** The result of one step, and the place where the next one begins; null after the last. */
export interface RecoveredPage {
  place: RecoveryPlace;
  /** The objects found, except for those that are none of ours. */
  found: { id: string; outcome: Recovered }[];
  next: RecoveryPlace | null;
}

/** The commands that follow a restore of the database to an earlier moment. */
export interface RestoreCommands {
  "mark-restored": { input: { restoredToMs: number; operator: string }; output: RestoreMark };
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
      /** Undefined if only the PaymentIntent that paid it is known. */
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
