import type { RestoreMark } from "../../db/restore-mark";
import type { LostList } from "../../stripe/lost-objects";
import type { FollowUps, Recovered } from "../follow-ups";

export type { Recovered } from "../follow-ups";

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
  "recover-payout-account": { input: FollowUps["recover-payout-account"]; output: Recovered };
  "recover-connected-account": { input: FollowUps["recover-connected-account"]; output: Recovered };
  "recover-checkout": { input: FollowUps["recover-checkout"]; output: Recovered };
  "recover-refunds": { input: FollowUps["recover-refunds"]; output: Recovered };
  "recover-payout": { input: FollowUps["recover-payout"]; output: Recovered };
  "recover-payment": { input: FollowUps["recover-payment"]; output: Recovered };
}
