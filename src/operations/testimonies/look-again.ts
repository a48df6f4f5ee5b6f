import type { Checkout } from "../../db/testimonies";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * When the clock asks Stripe about a checkout that nobody has settled. While it is payable: after ten minutes, then at
 * doubling intervals, and right after it expires. A delayed method takes days: hourly at first, at last daily.
 */
export function nextLookAtMs(checkout: Pick<Checkout, "state" | "createdAt" | "expiresAt">, nowMs: number): number {
  const ageMs = Math.max(nowMs - checkout.createdAt, 0);
  if (checkout.state === "processing") return nowMs + Math.min(Math.max(ageMs, hourMs), 24 * hourMs);
  const afterExpiryMs = checkout.expiresAt + minuteMs;
  const soonMs = nowMs + Math.max(ageMs, 10 * minuteMs);
  return nowMs < afterExpiryMs ? Math.min(soonMs, afterExpiryMs) : nowMs + hourMs;
}

/** When the clock asks about a checkout whose money has gone back: for a fee that Stripe has not named yet, or never. */
export function feeLookAtMs(
  checkout: Pick<Checkout, "state" | "createdAt" | "expiresAt" | "feeMinor" | "dueAt">,
  nowMs: number,
): number | null {
  return checkout.feeMinor === null && checkout.dueAt !== null ? nextLookAtMs(checkout, nowMs) : null;
}
