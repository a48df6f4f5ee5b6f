import type { Checkout } from "../../db/offers/testimonies";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Returns the time at which the clock asks Stripe about an unsettled checkout. While it is payable: after ten minutes,
 * then at doubling intervals, and right after it expires. A delayed payment method takes days: hourly at first, at last
 * daily.
 */
export function nextPollAtMs(checkout: Pick<Checkout, "state" | "createdAt" | "expiresAt">, nowMs: number): number {
  const ageMs = Math.max(nowMs - checkout.createdAt, 0);
  if (checkout.state === "processing") return nowMs + Math.min(Math.max(ageMs, hourMs), 24 * hourMs);
  const afterExpiryMs = checkout.expiresAt + minuteMs;
  const soonMs = nowMs + Math.max(ageMs, 10 * minuteMs);
  return nowMs < afterExpiryMs ? Math.min(soonMs, afterExpiryMs) : nowMs + hourMs;
}

/**
 * Returns the time at which the clock asks about a checkout whose money was returned, because Stripe has not named its
 * fee yet; null if it need not ask.
 */
export function feeLookAtMs(
  checkout: Pick<Checkout, "state" | "createdAt" | "expiresAt" | "feeMinor" | "dueAt">,
  nowMs: number,
): number | null {
  return checkout.feeMinor === null && checkout.dueAt !== null ? nextPollAtMs(checkout, nowMs) : null;
}
