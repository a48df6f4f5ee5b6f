import type { Payment, PaymentDispute, PaymentRefund } from "../../db/payments";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long before its end an authorisation that nobody captured is announced. */
export const warningMs = dayMs;

/** A payment that nobody has paid for so long is not asked about any more; whoever reads or pays it wakes it up. */
const patienceMs = 30 * dayMs;

/**
 * When the clock asks Stripe about a payment again, should every event be lost: at doubling intervals
 * while somebody must act, around the end of an authorisation, daily while a refund or a dispute is open. Null: nothing
 * is left that Stripe could do by itself.
 */
export function nextLookAtMs(
  payment: Pick<Payment, "state" | "createdAt" | "captureBefore" | "warnedAt">,
  { refunds, disputes }: { refunds: readonly PaymentRefund[]; disputes: readonly PaymentDispute[] },
  nowMs: number,
): number | null {
  const ageMs = Math.max(nowMs - payment.createdAt, 0);
  switch (payment.state) {
    case "creating":
      return null; // the claimed call is due by itself
    case "requires_payment_method":
    case "requires_confirmation":
    case "requires_action":
      return ageMs < patienceMs ? nowMs + clamp(ageMs, 10 * minuteMs, dayMs) : null;
    case "processing":
      return nowMs + clamp(ageMs, hourMs, dayMs);
    case "requires_capture":
      return nextEndOf(payment, nowMs);
    case "succeeded": {
      const isOpen = refunds.some(({ state }) => state === "pending") || disputes.some(({ state }) => state === "open");
      return isOpen ? nowMs + clamp(ageMs, hourMs, dayMs) : null;
    }
    default:
      return null;
  }
}

function nextEndOf({ captureBefore, warnedAt }: Pick<Payment, "captureBefore" | "warnedAt">, nowMs: number): number {
  if (captureBefore === null) return nowMs + dayMs;
  if (warnedAt === null) return Math.max(captureBefore - warningMs, nowMs);
  return nowMs <= captureBefore ? captureBefore + minuteMs : nowMs + hourMs;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
