import type { Statement } from "../../db/database";
import type { PaymentAggregate } from "../../db/payments/payments";
import { clear, raise } from "../attention";
import type { Deps } from "../deps";
import { cancellationOf } from "./orphaned-payment";
import { isDuplicate } from "./payment-events";
import type { PaymentRows } from "./reduce-payment";

/**
 * Makes the rows that call an operator to a payment after a change, and those that close reasons because its money went
 * back.
 */
export function attentionRows(deps: Deps, before: PaymentAggregate, after: PaymentRows): Statement[] {
  const { beside, payment } = before;
  const { id: aggregateId, currency, capturedMinor: amountMinor, live } = after.payment;
  const about = { aboutKind: "payment", aboutId: aggregateId, currency, amountMinor } as const;
  const ofDisputes = disputeRows(deps, before, after);
  if (payment.live !== null && live === null) {
    return [
      ...ofDisputes,
      clear(deps, aggregateId, "stripe", ["order_paid_twice", "cancelled_order_paid", "refund_failed"]),
      ...beside.map((other) => clear(deps, other.id, "stripe", ["order_paid_twice"])),
    ];
  }
  const isTwice = isDuplicate(payment, after.payment, beside);
  return [
    ...ofDisputes,
    // The money of a cancelled order is returned automatically, and two payments of one order have a reason of their
    // own. Where other refunds have returned everything, none is missed.
    ...(isTwice || before.orderCancelled || live === null ? [] : refundRows(deps, before, after)),
    ...(isTwice ? [raise(deps, aggregateId, { kind: "order_paid_twice", ...about })] : []),
    ...(isKept(before, after) ? [raise(deps, aggregateId, { kind: "cancelled_order_paid", ...about })] : []),
  ];
}

/**
 * Raises refunds that failed after Stripe had made them: their money is with the seller again. The caller of a refund
 * that Stripe refused was told so at once.
 */
function refundRows(deps: Deps, before: PaymentAggregate, after: PaymentRows): Statement[] {
  const onItsWay = newlyFailed(before, after).filter(({ stripeId }) => stripeId !== null);
  return onItsWay.map(({ id: aboutId, amountMinor, currency, failure }) => {
    const why = failure === null ? {} : { note: failure };
    return raise(deps, after.payment.id, {
      kind: "refund_failed",
      aboutKind: "refund",
      aboutId,
      amountMinor,
      currency,
      ...why,
    });
  });
}

function newlyFailed(before: PaymentAggregate, after: PaymentRows) {
  return after.refunds.filter(({ id, kind, state }) => {
    const known = before.refunds.find((one) => one.id === id);
    return kind !== "release" && state === "failed" && known?.state !== "failed";
  });
}

/** Raises open disputes and clears closed ones. A dispute is answered at Stripe, before a day that Stripe has set. */
function disputeRows(deps: Deps, before: PaymentAggregate, after: PaymentRows): Statement[] {
  return after.disputes.flatMap(({ stripeId: aboutId, state, amountMinor, currency, dueBy }) => {
    const known = before.disputes.find((one) => one.stripeId === aboutId);
    if (state !== "open")
      return known?.state === "open" ? [clear(deps, after.payment.id, "stripe", ["dispute_open"], { aboutId })] : [];
    if (known?.state === "open") return [];
    return [
      raise(deps, after.payment.id, {
        kind: "dispute_open",
        aboutKind: "dispute",
        aboutId,
        amountMinor,
        currency,
        dueBy,
      }),
    ];
  });
}

/** Tells whether the refund has just failed that was our last attempt for a cancelled order. */
function isKept(before: PaymentAggregate, after: PaymentRows): boolean {
  return (
    before.orderCancelled &&
    newlyFailed(before, after).length > 0 &&
    !cancellationOf(after.payment, { ...before, ...after })
  );
}
