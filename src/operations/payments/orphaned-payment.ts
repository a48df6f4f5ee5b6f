import type { Payment, PaymentAggregate } from "../../db/payments/payments";
import { lostMinor, mayAsk } from "../../domain/payments/payment";
import { failure } from "../../stripe/failure";
import type { IntentFacts } from "../../stripe/intent-facts";
import type { EffectKind } from "../effect-kind";
import type { FollowUp } from "../follow-ups";

/** The reason for which a payment shall bring no more money. */
type OrphanCause = "order_cancelled" | "order_paid";

/** Delay after which an orphaned payment is ended, in case the job that ends it at once is lost. */
export const orphanedPollMs = 60_000;

/** Tells whether another payment of the same order has brought money that is here. */
export function isPaidByAnother({ beside }: Pick<PaymentAggregate, "beside">): boolean {
  return beside.some(({ state }) => state === "succeeded");
}

/** Says why an order needs no more money of a payment; undefined while it does. */
export function orphanedBy(order: Pick<PaymentAggregate, "orderCancelled" | "beside">): OrphanCause | undefined {
  if (order.orderCancelled) return "order_cancelled";
  return isPaidByAnother(order) ? "order_paid" : undefined;
}

/**
 * Returns the command that an orphaned payment needs. Of a cancelled order, money that arrived all the same is refunded
 * and an authorization is released. Of an order that another payment has paid, the developer decides which of the two
 * to keep. A payment that could still be paid is cancelled in both cases. A refund is tried once: if Stripe refuses it,
 * the developer is told, and it is not repeated for ever. While a dispute is open Stripe refunds nothing, so nothing is
 * tried.
 */
export function cancellationOf(
  payment: Payment,
  order: Pick<PaymentAggregate, "orderCancelled" | "beside" | "refunds" | "disputes">,
): FollowUp | undefined {
  const why = orphanedBy(order);
  if (why === undefined) return undefined;
  const { id: paymentId, developerId, appId, orderId, state } = payment;
  const key = { developerId, appId, orderId, paymentId };
  if (state === "succeeded" || state === "requires_capture") {
    if (why !== "order_cancelled" || !isToBeReturned(payment, order)) return undefined;
    const input = { ...key, userId: undefined, accountId: undefined, amountMinor: undefined, reason: why };
    return { name: "refund-payment", input };
  }
  return mayAsk("cancel", state) ? { name: "check-payment", input: { ...key, about: "everything" } } : undefined;
}

function isToBeReturned(
  { state, capturedMinor, refundedMinor }: Payment,
  { refunds, disputes }: Pick<PaymentAggregate, "refunds" | "disputes">,
): boolean {
  if (refunds.some(isTried) || disputes.some((one) => one.state === "open")) return false;
  return state === "requires_capture" || refundedMinor + lostMinor(disputes) < capturedMinor;
}

/** Tells whether a refund counts as the attempt. A release that came too late leaves money to refund. */
function isTried({ reason, kind, state }: PaymentAggregate["refunds"][number]): boolean {
  return reason === "order_cancelled" && !(kind === "release" && state === "failed");
}

/**
 * Wraps a kind of call so that it is not sent for an orphaned payment: Stripe is only asked whether it was made
 * already.
 */
export function unlessOrphaned(
  order: Pick<PaymentAggregate, "orderCancelled" | "beside">,
  kind: EffectKind<IntentFacts>,
): EffectKind<IntentFacts> {
  const why = orphanedBy(order);
  if (why === undefined) return kind;
  return {
    ...kind,
    async call(deps, effect) {
      const found = await kind.find(deps, effect);
      if (!found.ok) return found;
      if (found.value) return { ok: true, value: found.value };
      return { ok: false, failure: notWanted[why] };
    },
  };
}

const notWanted = {
  order_cancelled: failure("not_wanted", "The order was cancelled before Stripe was asked."),
  order_paid: failure("paid_already", "Another payment had paid the order before Stripe was asked."),
} as const satisfies Record<OrphanCause, unknown>;
