import type { RestoreMark } from "../db/restore-mark";
import type { LostList } from "../stripe/lost-objects";
import type { PaymentKey } from "./payment-commands";

/**
 * What became of an object that the lost time may have made: `known` to the database, and asked about in the ordinary way;
 * `linked` or `rebuilt` where its row was lost; `returned` where nobody can have it any more; `unpaid` where no money hangs on
 * it; `taken` where another has its place by now; `nobody` where all that it names is lost.
 */
export type Recovered = "known" | "linked" | "rebuilt" | "returned" | "unpaid" | "taken" | "nobody";

/** A place in Stripe's lists: whose list, and the object that was read last. */
export interface RecoveryPlace {
  list: LostList;
  /** Ours of a connected account; null for the platform's own lists. */
  accountId: string | null;
  after: string | null;
}

/** What one step has looked at, and where the next one begins; null after the last. */
export interface RecoveredPage {
  place: RecoveryPlace;
  /** What was found, apart from objects that are none of ours. */
  found: { id: string; outcome: Recovered }[];
  next: RecoveryPlace | null;
}

/** What is done once the database was put back to an earlier moment. */
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
      /** Undefined where only what it was paid by is known. */
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
