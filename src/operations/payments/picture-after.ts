import type { Payment, PaymentAggregate, PaymentDispute, PaymentRefund } from "../../db/payments";
import { enter } from "../../domain/machine";
import { isLive, paymentMachine } from "../../domain/payment";
import type { DisputeFacts } from "../../stripe/disputes";
import type { Deps } from "../deps";
import type { Decline } from "./carry-out-confirmation";
import { followIntent } from "./follow-intent";
import { followRefunds, refundedOf } from "./follow-refunds";
import { nextLookAtMs, warningMs } from "./next-look";
import type { Picture } from "./payment-news";
import type { Told } from "./payment-postings";
import type { Cause } from "./settle-payment";
import { endingOf, unwantedLookMs } from "./unwanted";

/** What a payment, its refunds and its disputes are once all that Stripe has told is taken in. Writes nothing. */
export function pictureAfter(deps: Deps, aggregate: PaymentAggregate, told: Told, cause: Cause): Picture {
  const { actor } = cause;
  const followed = told.intent ? followIntent(aggregate.payment, told.intent, actor) : aggregate.payment;
  const marked = cause.refused
    ? { ...followed, state: enter(paymentMachine, "refuse", followed.state, actor) }
    : followed;
  const failed = cause.declined ? declinedBy(marked, cause.declined) : marked;
  const warned = isExpiring(failed, deps.nowMs()) ? { ...failed, warnedAt: deps.nowMs() } : failed;
  const refused = aggregate.refunds.map((one) => withoutRefused(one, cause));
  const refunds = followRefunds(deps, warned, refused, told.refunds ?? []);
  const disputes = followDisputes(aggregate, told.disputes ?? [], deps.nowMs());
  const counted = { ...warned, refundedMinor: refundedOf(warned, refunds) };
  const payment = {
    ...counted,
    live: isLive(counted, { refunds, disputes }) ? (counted.live ?? freePlace(aggregate)) : null,
    dueAt: dueAtOf(counted, aggregate, { told, refunds, disputes }, deps.nowMs()),
  };
  return { payment, refunds, disputes };
}

/** A payment that stands again does so beside another that its order may have by now. */
function freePlace({ beside }: PaymentAggregate): number {
  return 1 + Math.max(0, ...beside.map(({ live }) => live));
}

function declinedBy(payment: Payment, { error, chargeId }: Decline): Payment {
  return { ...payment, lastError: error, nextAction: null, chargeId: chargeId ?? payment.chargeId };
}

function isExpiring({ state, captureBefore, warnedAt }: Payment, nowMs: number): boolean {
  return (
    state === "requires_capture" && captureBefore !== null && warnedAt === null && nowMs >= captureBefore - warningMs
  );
}

function withoutRefused(refund: PaymentRefund, { refusedRefund }: Cause): PaymentRefund {
  if (refund.id !== refusedRefund?.id) return refund;
  return { ...refund, state: "failed", failure: refusedRefund.failure };
}

function followDisputes({ payment, disputes }: PaymentAggregate, told: readonly DisputeFacts[], nowMs: number) {
  const heard = told.map(
    ({ id, state, currency, amountMinor }): PaymentDispute => ({
      paymentId: payment.id,
      stripeId: id,
      state,
      currency,
      amountMinor,
      createdAt: disputes.find(({ stripeId }) => stripeId === id)?.createdAt ?? nowMs,
    }),
  );
  return [...disputes.filter(({ stripeId }) => !heard.some((one) => one.stripeId === stripeId)), ...heard];
}

/** A fee that Stripe has not collected yet, or not told of, is asked for this soon. */
const feeLookMs = 60_000;

function dueAtOf(
  payment: Payment,
  aggregate: PaymentAggregate,
  { told, ...open }: { told: Told; refunds: PaymentRefund[]; disputes: PaymentDispute[] },
  nowMs: number,
): number | null {
  if (endingOf(payment, { ...aggregate, ...open })) return nowMs + unwantedLookMs;
  const hasFee =
    Boolean(told.intent?.charge?.applicationFeeId) ||
    aggregate.posted.some((one) => one.account === "application_fees");
  if (payment.state === "succeeded" && payment.applicationFeeMinor > 0 && !hasFee) return nowMs + feeLookMs;
  if (told.isIncomplete) return nowMs + feeLookMs;
  return nextLookAtMs(payment, open, nowMs);
}
