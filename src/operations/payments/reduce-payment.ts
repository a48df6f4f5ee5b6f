import type { Payment, PaymentAggregate, PaymentDispute, PaymentRefund } from "../../db/payments/payments";
import type { PaymentError } from "../../db/payments/tables";
import { bucketOf, isId, timeOf } from "../../domain/id";
import { type Actor, enter, step } from "../../domain/machine";
import { accountGone, isFinal, isLive, isLost, paymentMachine, transitionTo } from "../../domain/payments/payment";
import { dayMs } from "../../domain/time";
import type { ConnectedRefundFacts } from "../../stripe/connected-refunds";
import type { DisputeFacts } from "../../stripe/disputes";
import type { IntentFacts } from "../../stripe/intent-facts";
import type { Deps } from "../deps";
import { dueAtOf, warningMs } from "./next-poll";
import type { StripeSnapshot } from "./stripe-snapshot";

/** The state of a payment with its refunds and disputes, before or after a change. */
export interface PaymentRows {
  payment: Payment;
  refunds: PaymentRefund[];
  disputes: PaymentDispute[];
}

/** Facts beside Stripe's snapshot, for example from the answer to a call. */
export interface Circumstances {
  actor: Actor;
  /** The card was declined by this call. */
  declined?: Decline;
  /** Stripe refused to make the PaymentIntent. */
  refused?: true;
  /** The account is gone: Stripe does not show us any more what becomes of the payment. */
  gone?: true;
  /** A refund that Stripe refused, and its reason. */
  refusedRefund?: { id: string; failure: string };
}

/** The bank's answer, and the charge that it belongs to. */
export interface Decline {
  error: PaymentError;
  chargeId: string | null;
}

/** The time and the new ids that a reduction needs. It has no other source, so it can be tested by itself. */
type Clock = Pick<Deps, "nowMs" | "newId">;

/** Computes the state of a payment, its refunds and its disputes from what Stripe reports. Writes nothing. */
export function reducePayment(
  deps: Clock,
  aggregate: PaymentAggregate,
  snapshot: StripeSnapshot,
  cause: Circumstances,
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
    clientSecret: isFinal(counted.state) ? null : counted.clientSecret, // of no use any more
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
const bankPatienceMs = 30 * dayMs;

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

function withoutRefused(refund: PaymentRefund, { refusedRefund }: Circumstances): PaymentRefund {
  if (refund.id !== refusedRefund?.id) return refund;
  return { ...refund, state: "failed", failure: refusedRefund.failure };
}

function followDisputes({ payment, disputes }: PaymentAggregate, snapshot: readonly DisputeFacts[], nowMs: number) {
  const heard = snapshot.map(
    ({ id, state, reason, currency, amountMinor, dueByMs }): PaymentDispute => ({
      paymentId: payment.id,
      stripeId: id,
      appId: payment.appId,
      state,
      reason,
      currency,
      amountMinor,
      dueBy: dueByMs,
      createdAt: disputes.find(({ stripeId }) => stripeId === id)?.createdAt ?? nowMs,
    }),
  );
  return [...disputes.filter(({ stripeId }) => !heard.some((one) => one.stripeId === stripeId)), ...heard];
}

/**
 * Returns the payment as its PaymentIntent is at Stripe. An answer that is older than what we know changes nothing:
 * final states stay final.
 */
function followIntent(payment: Payment, intent: IntentFacts, actor: Actor): Payment {
  const transition = transitionTo(intent.status, intent.cancellationReason, payment.state);
  if (transition === undefined) return payment; // an unknown status decides nothing
  // A payment that was given up with its account comes back with the account, as if it had just been made.
  const isAllowed = step(paymentMachine, transition, isLost(payment) ? "creating" : payment.state, actor) !== undefined;
  const state = paymentMachine[transition].to;
  if (!isAllowed && state !== payment.state) return payment;
  return {
    ...payment,
    state,
    stripeId: intent.id,
    clientSecret: intent.clientSecret ?? payment.clientSecret,
    paymentMethodId: intent.paymentMethodId ?? payment.paymentMethodId,
    chargeId: intent.charge?.id ?? payment.chargeId,
    capturedMinor: state === "succeeded" ? intent.receivedMinor : payment.capturedMinor,
    applicationFeeMinor: feeOf(payment, intent, state),
    captureBefore: intent.charge?.captureBeforeMs ?? payment.captureBefore,
    nextAction: state === "requires_action" ? intent.nextAction : null,
    lastError: state === "requires_payment_method" ? intent.lastError : null,
  };
}

/** Returns our fee. A partial capture has its part of the fee. */
function feeOf(payment: Payment, { charge }: IntentFacts, state: Payment["state"]): number {
  return state === "succeeded" && charge ? charge.applicationFeeMinor : payment.applicationFeeMinor;
}

/**
 * Returns the refunds as they are at Stripe, ours found by the id that we gave them. An out-of-band refund gets an id
 * of ours, and one of ours that the database has lost keeps its id. A release has no refund at Stripe: it succeeds or
 * fails with its payment.
 */
function followRefunds(
  deps: Clock,
  payment: Payment,
  refunds: readonly PaymentRefund[],
  snapshot: readonly ConnectedRefundFacts[],
): PaymentRefund[] {
  const known = refunds.map((refund) =>
    refund.kind === "release" ? releaseOf(payment, refund) : followed(refund, snapshot),
  );
  const isOurs = (one: ConnectedRefundFacts) =>
    known.some(({ id, stripeId }) => id === one.refundId || stripeId === one.id);
  const strange = snapshot.filter((one) => one.movesMoney && !isOurs(one));
  return [...known, ...strange.map((one) => madeAtStripe(deps, payment, one))];
}

function followed(refund: PaymentRefund, snapshot: readonly ConnectedRefundFacts[]): PaymentRefund {
  const facts = snapshot.find(({ id, refundId }) => refundId === refund.id || id === refund.stripeId);
  if (!facts) return refund;
  const { status: state, id: stripeId, failure, pendingReason } = facts;
  return { ...refund, state, stripeId, failure, pendingReason };
}

function releaseOf({ state }: Payment, refund: PaymentRefund): PaymentRefund {
  if (refund.state !== "claimed") return refund;
  if (state === "canceled" || state === "expired") return { ...refund, state: "succeeded" };
  if (state === "failed") return { ...refund, state: "failed", failure: accountGone };
  return state === "succeeded" ? { ...refund, state: "failed", failure: "captured_first" } : refund;
}

function madeAtStripe(deps: Clock, payment: Payment, facts: ConnectedRefundFacts): PaymentRefund {
  const forgotten = forgottenOf(payment, facts);
  return {
    paymentId: payment.id,
    id: deps.newId(bucketOf(payment.id)),
    appId: payment.appId,
    kind: "at_stripe",
    state: facts.status,
    currency: payment.currency,
    amountMinor: facts.amountMinor,
    reason: null,
    stripeId: facts.id,
    failure: facts.failure,
    pendingReason: facts.pendingReason,
    requestKey: null,
    createdAt: deps.nowMs(),
    ...forgotten,
  };
}

/** Reads from a refund at Stripe what a lost row of ours said, for example after a restore of the database. */
function forgottenOf({ id }: Payment, { paymentId, refundId, requestKey }: ConnectedRefundFacts) {
  if (paymentId !== id || refundId === undefined || !isId(refundId) || bucketOf(refundId) !== bucketOf(id)) return {};
  return { id: refundId, kind: "refund" as const, requestKey: requestKey ?? null, createdAt: timeOf(refundId) };
}

/**
 * Sums refunds that succeeded or are under way, never more than was captured: one of ours may yet be refused because of
 * an out-of-band refund.
 */
function refundedOf(payment: Pick<Payment, "capturedMinor">, refunds: readonly PaymentRefund[]): number {
  const standing = refunds.filter(({ kind, state }) => kind !== "release" && state !== "failed");
  const sumMinor = standing.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return Math.min(sumMinor, payment.capturedMinor);
}
