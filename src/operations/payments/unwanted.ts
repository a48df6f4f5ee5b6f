import type { Payment, PaymentAggregate } from "../../db/payments";
import { lostMinor, mayAsk } from "../../domain/payment";
import { failure } from "../../stripe/failure";
import type { IntentFacts } from "../../stripe/payment-intents";
import type { Command } from "../commands";
import type { EffectKind } from "../effects";

/** Why a payment is to bring no more money. */
type Unwanted = "order_cancelled" | "order_paid";

/** What an unwanted payment is ended by: at once, and after this long should that request be lost. */
export const unwantedLookMs = 60_000;

/** Whether another payment of the same order has brought money that is here. */
export function isPaidByAnother({ beside }: Pick<PaymentAggregate, "beside">): boolean {
  return beside.some(({ state }) => state === "succeeded");
}

/** Why an order wants no more money of a payment; undefined while it does. */
export function unwanted(order: Pick<PaymentAggregate, "orderCancelled" | "beside">): Unwanted | undefined {
  if (order.orderCancelled) return "order_cancelled";
  return isPaidByAnother(order) ? "order_paid" : undefined;
}

/**
 * What a payment needs that its order does not want. Of a cancelled order, money that came all the same goes back and an
 * authorisation is released. Of an order that another payment has paid, the developer decides which of the two to keep.
 * What could still be paid is ended in both cases. A refund is tried once: what Stripe refuses to give back is told to the
 * developer, and not tried for ever. While a dispute is open Stripe gives nothing back, so nothing is tried.
 */
export function endingOf(
  payment: Payment,
  order: Pick<PaymentAggregate, "orderCancelled" | "beside" | "refunds" | "disputes">,
): Command | undefined {
  const why = unwanted(order);
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

/** A release that came too late leaves money to give back. */
function isTried({ reason, kind, state }: PaymentAggregate["refunds"][number]): boolean {
  return reason === "order_cancelled" && !(kind === "release" && state === "failed");
}

/** A call for an unwanted payment is not sent: whether Stripe has done it already is all that is asked. */
export function unlessUnwanted(
  order: Pick<PaymentAggregate, "orderCancelled" | "beside">,
  kind: EffectKind<IntentFacts>,
): EffectKind<IntentFacts> {
  const why = unwanted(order);
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
} as const satisfies Record<Unwanted, unknown>;
