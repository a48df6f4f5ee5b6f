import type { Payment, PaymentAggregate, PaymentDispute, PaymentRefund } from "../../db/payments/payments";
import { type Actor, enter, step } from "../../domain/machine";
import { accountGone, isLive, paymentMachine } from "../../domain/payments/payment";
import type { DisputeFacts } from "../../stripe/disputes";
import type { Deps } from "../deps";
import type { Cause, Decline } from "./cause";
import { followIntent } from "./follow-intent";
import { followRefunds, refundedOf } from "./follow-refunds";
import { nextPollAtMs, warningMs } from "./next-poll";
import { cancellationOf, orphanedPollMs } from "./orphaned-payment";
import type { PaymentRows } from "./payment-events";
import type { StripeSnapshot } from "./payment-postings";

/** Computes the state of a payment, its refunds and its disputes from what Stripe reports. Writes nothing. */
export function reducePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  snapshot: StripeSnapshot,
  cause: Cause,
): PaymentRows {
  const { actor } = cause;
  const followed = snapshot.intent ? followIntent(aggregate.payment, snapshot.intent, actor) : aggregate.payment;
  const marked = cause.refused
    ? { ...followed, state: enter(paymentMachine, "refuse", followed.state, actor) }
    : followed;
  const lost = cause.gone ? lostBy(marked, actor, deps.nowMs()) : marked;
  const failed = cause.declined ? declinedBy(lost, cause.declined) : lost;
  const warned = isExpiring(failed, deps.nowMs()) ? { ...failed, warnedAt: deps.nowMs() } : failed;
  const refused = aggregate.refunds.map((one) => withoutRefused(one, cause));
  const refunds = followRefunds(deps, warned, refused, snapshot.refunds ?? []);
  const disputes = followDisputes(aggregate, snapshot.disputes ?? [], deps.nowMs());
  const counted = { ...warned, refundedMinor: refundedOf(warned, refunds) };
  const payment = {
    ...counted,
    live: isLive(counted, { refunds, disputes }) ? (counted.live ?? freePlace(aggregate)) : null,
    dueAt: dueAtOf(counted, aggregate, { snapshot, refunds, disputes, isGone: cause.gone }, deps.nowMs()),
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

function followDisputes({ payment, disputes }: PaymentAggregate, snapshot: readonly DisputeFacts[], nowMs: number) {
  const heard = snapshot.map(
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
const feePollMs = 60_000;

const gonePollMs = 24 * 60 * 60 * 1000;

/** The facts on which the next check of a payment depends. */
interface Open {
  snapshot: StripeSnapshot;
  refunds: PaymentRefund[];
  disputes: PaymentDispute[];
  isGone: true | undefined;
}

function dueAtOf(
  payment: Payment,
  aggregate: PaymentAggregate,
  { snapshot, isGone, ...open }: Open,
  nowMs: number,
): number | null {
  if (cancellationOf(payment, { ...aggregate, ...open })) return nowMs + orphanedPollMs;
  // Nobody can be asked, unless the account comes back.
  if (isGone) return payment.state === "processing" ? nowMs + gonePollMs : null;
  const hasFee =
    Boolean(snapshot.intent?.charge?.applicationFeeId) ||
    aggregate.posted.some((one) => one.account === "application_fees");
  if (payment.state === "succeeded" && payment.applicationFeeMinor > 0 && !hasFee) return nowMs + feePollMs;
  // The amount in the account's own currency is not known yet.
  const isUnsettled = snapshot.intent?.charge && snapshot.intent.charge.moved === undefined;
  if (snapshot.isIncomplete || (payment.state === "succeeded" && isUnsettled)) return nowMs + feePollMs;
  return nextPollAtMs(payment, open, nowMs);
}
