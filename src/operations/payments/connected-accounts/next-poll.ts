const hourMs = 60 * 60 * 1000;

/** Delay until the clock checks a new account for the first time. */
export const firstPollMs = hourMs;

/**
 * Returns the time at which the clock asks Stripe about an account again: hourly at first, then daily, for as long as
 * the account exists. A ready account is checked too, because its events may be lost
 * (src/guides/decisions.md#lost-events).
 */
export function nextPollAtMs({ createdAt }: { createdAt: number }, nowMs: number): number {
  return nowMs + Math.min(Math.max(nowMs - createdAt, hourMs), 24 * hourMs);
}
