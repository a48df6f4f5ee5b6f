import type { Payment, PaymentRefund } from "../../db/payments";
import { homeOf, isId } from "../../domain/id";
import { accountGone } from "../../domain/payment";
import type { ConnectedRefundFacts } from "../../stripe/connected-refunds";
import type { Deps } from "../deps";

/**
 * The refunds as Stripe has them now, ours found by the id that we gave them. One that somebody made past us gets an id
 * of ours, and one that we had asked for and forgotten keeps what it has. A release has no refund at Stripe: it stands or falls with its payment.
 */
export function followRefunds(
  deps: Deps,
  payment: Payment,
  refunds: readonly PaymentRefund[],
  told: readonly ConnectedRefundFacts[],
): PaymentRefund[] {
  const known = refunds.map((refund) =>
    refund.kind === "release" ? releaseOf(payment, refund) : followed(refund, told),
  );
  const isOurs = (one: ConnectedRefundFacts) =>
    known.some(({ id, stripeId }) => id === one.refundId || stripeId === one.id);
  const strange = told.filter((one) => one.movesMoney && !isOurs(one));
  return [...known, ...strange.map((one) => madeAtStripe(deps, payment, one))];
}

function followed(refund: PaymentRefund, told: readonly ConnectedRefundFacts[]): PaymentRefund {
  const facts = told.find(({ id, refundId }) => refundId === refund.id || id === refund.stripeId);
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
    id: deps.newId(homeOf(payment.id)),
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

/** What a refund of ours says of itself whose row was lost, as when the database is put back to an earlier moment. */
function forgottenOf({ id }: Payment, { paymentId, refundId, requestKey }: ConnectedRefundFacts) {
  if (paymentId !== id || refundId === undefined || !isId(refundId) || homeOf(refundId) !== homeOf(id)) return {};
  return { id: refundId, kind: "refund" as const, requestKey: requestKey ?? null };
}

/** What went back or is on its way, never more than there was: one of ours may yet be refused for one made past us. */
export function refundedOf(payment: Pick<Payment, "capturedMinor">, refunds: readonly PaymentRefund[]): number {
  const standing = refunds.filter(({ kind, state }) => kind !== "release" && state !== "failed");
  const sumMinor = standing.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return Math.min(sumMinor, payment.capturedMinor);
}
