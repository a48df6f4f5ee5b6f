const hourMs = 60 * 60 * 1000;

/** When the clock looks at a new account for the first time. */
export const firstLookMs = hourMs;

/**
 * When the clock asks Stripe about an account again: hourly at first, then daily, for as long as it lives. A ready one is
 * looked at too, because the events of what happens on it may be lost (src/guides/decisions.md#lost-events).
 */
export function nextLookAtMs({ createdAt }: { createdAt: number }, nowMs: number): number {
  return nowMs + Math.min(Math.max(nowMs - createdAt, hourMs), 24 * hourMs);
}
