import type { Payment, PaymentAggregate, PaymentDispute, PaymentRefund } from "../../db/payments";
import { type Actor, enter, step } from "../../domain/machine";
import { accountGone, isLive, paymentMachine } from "../../domain/payment";
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

/** Computes the state of a payment, its refunds and its disputes from what Stripe reports. Writes nothing. */
export function pictureAfter(deps: Deps, aggregate: PaymentAggregate, told: Told, cause: Cause): Picture {
  const { actor } = cause;
  const followed = told.intent ? followIntent(aggregate.payment, told.intent, actor) : aggregate.payment;
  const marked = cause.refused
    ? { ...followed, state: enter(paymentMachine, "refuse", followed.state, actor) }
    : followed;
  const lost = cause.gone ? lostBy(marked, actor, deps.nowMs()) : marked;
  const failed = cause.declined ? declinedBy(lost, cause.declined) : lost;
  const warned = isExpiring(failed, deps.nowMs()) ? { ...failed, warnedAt: deps.nowMs() } : failed;
  const refused = aggregate.refunds.map((one) => withoutRefused(one, cause));
  const refunds = followRefunds(deps, warned, refused, told.refunds ?? []);
  const disputes = followDisputes(aggregate, told.disputes ?? [], deps.nowMs());
  const counted = { ...warned, refundedMinor: refundedOf(warned, refunds) };
  const payment = {
    ...counted,
    live: isLive(counted, { refunds, disputes }) ? (counted.live ?? freePlace(aggregate)) : null,
    dueAt: dueAtOf(counted, aggregate, { told, refunds, disputes, isGone: cause.gone }, deps.nowMs()),
  };
  return { payment, refunds, disputes };
}

/** Returns the place of a payment that counts again: beside the other payments that its order may have. */
function freePlace({ beside }: PaymentAggregate): number {
  return 1 + Math.max(0, ...beside.map(({ live }) => live));
}

function declinedBy(payment: Payment, { error, chargeId }: Decline): Payment {
  return { ...payment, lastError: error, nextAction: null, chargeId: chargeId ?? payment.chargeId };
}

/** The longest time that a bank takes to answer; until then the money may still reach the seller. */
const bankPatienceMs = 30 * 24 * 60 * 60 * 1000;

/** Tells whether the bank's answer is still awaited. */
export function isWithBank({ state, updatedAt }: Payment, nowMs: number): boolean {
  return state === "processing" && nowMs - updatedAt < bankPatienceMs;
}

/**
 * Ends a payment that nobody can pay any more. While the bank's answer is awaited it does not end, because its order
 * must not be paid twice.
 */
function lostBy(payment: Payment, actor: Actor, nowMs: number): Payment {
  if (isWithBank(payment, nowMs) || !step(paymentMachine, "lose", payment.state, actor)) return payment;
  const lastError = { code: accountGone, declineCode: null, message: "The account is gone at Stripe." };
  return { ...payment, state: enter(paymentMachine, "lose", payment.state, actor), nextAction: null, lastError };
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
    ({ id, state, currency, amountMinor, dueByMs }): PaymentDispute => ({
      paymentId: payment.id,
      stripeId: id,
      state,
      currency,
      amountMinor,
      dueBy: dueByMs,
      createdAt: disputes.find(({ stripeId }) => stripeId === id)?.createdAt ?? nowMs,
    }),
  );
  return [...disputes.filter(({ stripeId }) => !heard.some((one) => one.stripeId === stripeId)), ...heard];
}

/** Delay of the next check if Stripe has not collected or reported a fee yet. */
const feeLookMs = 60_000;

const goneLookMs = 24 * 60 * 60 * 1000;

/** The facts on which the next check of a payment depends. */
interface Open {
  told: Told;
  refunds: PaymentRefund[];
  disputes: PaymentDispute[];
  isGone: true | undefined;
}

function dueAtOf(
  payment: Payment,
  aggregate: PaymentAggregate,
  { told, isGone, ...open }: Open,
  nowMs: number,
): number | null {
  if (endingOf(payment, { ...aggregate, ...open })) return nowMs + unwantedLookMs;
  // Nobody can be asked, unless the account comes back.
  if (isGone) return payment.state === "processing" ? nowMs + goneLookMs : null;
  const hasFee =
    Boolean(told.intent?.charge?.applicationFeeId) ||
    aggregate.posted.some((one) => one.account === "application_fees");
  if (payment.state === "succeeded" && payment.applicationFeeMinor > 0 && !hasFee) return nowMs + feeLookMs;
  // The amount in the account's own currency is not known yet.
  const isUnsettled = told.intent?.charge && told.intent.charge.moved === undefined;
  if (told.isIncomplete || (payment.state === "succeeded" && isUnsettled)) return nowMs + feeLookMs;
  return nextLookAtMs(payment, open, nowMs);
}
