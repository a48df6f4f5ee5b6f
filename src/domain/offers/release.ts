import { dayMs } from "../time";

/**
 * The moment from which an accepted offer's payout may be sent, as the platform's owner has set it: at acceptance, once
 * the testimony is completed, or a number of days after acceptance. A payout keeps the rule that it was made with.
 */
export type ReleaseRule = { on: "accepted" } | { on: "completed" } | { on: "days"; days: number };

/** The rules that make a payout wait. */
export const awaitedReleases = ["completed", "days"] as const;

/** The release that a payout waits for. */
export interface AwaitedRelease {
  /** Null if nothing is awaited: it was released, or never had to wait. */
  releaseOn: (typeof awaitedReleases)[number] | null;
  /**
   * The time of the release; for a testimony that is not completed yet, the time at which an operator must look. Null if
   * it never had to wait.
   */
  releaseAt: number | null;
}

/** The most days that a payout can wait: Stripe keeps money of a platform with manual payouts for 90 days. */
const daysMax = 30;

/** The days within which a testimony should be completed. After them an operator decides. */
const completionDaysMax = 60;

/** Parses `accepted`, `completed` or `days:N` with N from 1 to 30. Returns undefined for anything else. */
export function parseReleaseRule(text: string): ReleaseRule | undefined {
  if (text === "accepted" || text === "completed") return { on: text };
  const days = Number(/^days:([1-9]\d?)$/.exec(text)?.[1]);
  return days <= daysMax ? { on: "days", days } : undefined;
}

/** Returns what the payout of an offer that is accepted at this moment waits for. */
export function awaitedRelease(rule: ReleaseRule, acceptedAtMs: number): AwaitedRelease {
  if (rule.on === "accepted") return { releaseOn: null, releaseAt: null };
  const days = rule.on === "days" ? rule.days : completionDaysMax;
  return { releaseOn: rule.on, releaseAt: acceptedAtMs + days * dayMs };
}

/** Returns what a payout waits for that is released at this moment, before its date or by completion. */
export function releasedAt(nowMs: number): AwaitedRelease {
  return { releaseOn: null, releaseAt: nowMs };
}

/** Tells whether a payout may not be sent yet. */
export function isAwaitingRelease({ releaseOn, releaseAt }: AwaitedRelease, nowMs: number): boolean {
  if (releaseOn === null) return false;
  return releaseOn === "completed" || nowMs < (releaseAt ?? 0);
}

/** Tells whether a testimony should have been completed long ago, so that a person must decide about its payout. */
export function isCompletionOverdue({ releaseOn, releaseAt }: AwaitedRelease, nowMs: number): boolean {
  return releaseOn === "completed" && nowMs >= (releaseAt ?? 0);
}
