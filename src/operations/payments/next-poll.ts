import type { Payment, PaymentAggregate, PaymentDispute, PaymentRefund } from "../../db/payments/payments";
import { backOffMs, dayMs, hourMs, minuteMs } from "../../domain/time";
import { cancellationOf, orphanedPollMs } from "./orphaned-payment";
import type { StripeSnapshot } from "./stripe-snapshot";

/** How long before its end an uncaptured authorization is announced. */
export const warningMs = dayMs;

/**
 * Age after which Stripe is not asked about an unpaid payment any more; a read or a payment starts the checks again.
 */
const patienceMs = 30 * dayMs;

/** Delay of the next check if Stripe has not collected or reported a fee yet. */
const feePollMs = minuteMs;

const gonePollMs = dayMs;

/** Age after which a fee is not expected any more on an account that is gone. */
const lateFeeMs = 3 * dayMs;

/** The facts on which the next check of a payment depends. */
interface Open {
  snapshot: StripeSnapshot;
  refunds: PaymentRefund[];
  disputes: PaymentDispute[];
  isGone: true | undefined;
}

/** Returns the time of the next check of a payment, whatever it waits for; null if nothing can change any more. */
export function dueAtOf(
  payment: Payment,
  aggregate: PaymentAggregate,
  { snapshot, isGone, ...open }: Open,
  nowMs: number,
): number | null {
  if (cancellationOf(payment, { ...aggregate, ...open })) return nowMs + orphanedPollMs;
  if (isGone) return afterGoneMs(payment, snapshot, nowMs);
  const hasFee =
    Boolean(snapshot.intent?.charge?.applicationFeeId) ||
    aggregate.posted.some((one) => one.account === "application_fees");
  if (payment.state === "succeeded" && payment.applicationFeeMinor > 0 && !hasFee) return nowMs + feePollMs;
  // The amount in the account's own currency is not known yet.
  const isUnsettled = snapshot.intent?.charge && snapshot.intent.charge.moved === undefined;
  if (snapshot.isIncomplete || (payment.state === "succeeded" && isUnsettled)) return nowMs + feePollMs;
  return nextPollAtMs(payment, open, nowMs);
}

/**
 * Returns the time of the next check of a payment whose account is gone. Nobody can be asked about it, unless the
 * account comes back; only our fee, which is the platform's own, may still be reported.
 */
function afterGoneMs(payment: Payment, { isIncomplete }: StripeSnapshot, nowMs: number): number | null {
  if (payment.state === "processing") return nowMs + gonePollMs;
  const ageMs = nowMs - payment.updatedAt;
  return isIncomplete && ageMs < lateFeeMs ? nowMs + backOffMs(ageMs, { least: feePollMs, most: dayMs }) : null;
}

/**
 * Returns the time at which the clock asks Stripe about a payment again, in case every event is lost: at doubling
 * intervals while somebody must act, around the end of an authorization, daily while a refund or a dispute is open.
 * Returns null if Stripe can change nothing by itself any more.
 */
function nextPollAtMs(
  payment: Pick<Payment, "state" | "createdAt" | "captureBefore" | "warnedAt">,
  { refunds, disputes }: { refunds: readonly PaymentRefund[]; disputes: readonly PaymentDispute[] },
  nowMs: number,
): number | null {
  const ageMs = Math.max(nowMs - payment.createdAt, 0);
  switch (payment.state) {
    case "creating":
      return null; // the pending call is due by itself
    case "requires_payment_method":
    case "requires_confirmation":
    case "requires_action":
      return ageMs < patienceMs ? nowMs + backOffMs(ageMs, { least: 10 * minuteMs, most: dayMs }) : null;
    case "processing":
      return nowMs + backOffMs(ageMs, { least: hourMs, most: dayMs });
    case "requires_capture":
      return nextEndOf(payment, nowMs);
    case "succeeded": {
      const isOpen = refunds.some(({ state }) => state === "pending") || disputes.some(({ state }) => state === "open");
      return isOpen ? nowMs + backOffMs(ageMs, { least: hourMs, most: dayMs }) : null;
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
