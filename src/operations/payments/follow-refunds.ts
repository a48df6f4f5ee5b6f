import type { Payment, PaymentRefund } from "../../db/payments/payments";
import { bucketOf, isId } from "../../domain/id";
import { accountGone } from "../../domain/payments/payment";
import type { ConnectedRefundFacts } from "../../stripe/connected-refunds";
import type { Deps } from "../deps";

/**
 * Returns the refunds as they are at Stripe, ours found by the id that we gave them. An out-of-band refund gets an id
 * of ours, and one of ours that the database has lost keeps its id. A release has no refund at Stripe: it succeeds or
 * fails with its payment.
 */
export function followRefunds(
  deps: Deps,
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

function madeAtStripe(deps: Deps, payment: Payment, facts: ConnectedRefundFacts): PaymentRefund {
  const forgotten = forgottenOf(payment, facts);
  return {
    paymentId: payment.id,
    id: deps.newId(bucketOf(payment.id)),
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
  return { id: refundId, kind: "refund" as const, requestKey: requestKey ?? null };
}

/**
 * Sums refunds that succeeded or are under way, never more than was captured: one of ours may yet be refused because of
 * an out-of-band refund.
 */
export function refundedOf(payment: Pick<Payment, "capturedMinor">, refunds: readonly PaymentRefund[]): number {
  const standing = refunds.filter(({ kind, state }) => kind !== "release" && state !== "failed");
  const sumMinor = standing.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return Math.min(sumMinor, payment.capturedMinor);
}
