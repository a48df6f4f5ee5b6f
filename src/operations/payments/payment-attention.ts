import type { Statement } from "../../db/database";
import type { PaymentAggregate } from "../../db/payments";
import { clear, raise } from "../attention";
import type { Deps } from "../deps";
import { isDuplicate, type Picture } from "./payment-news";
import { endingOf } from "./unwanted";

/** Why an operator must look at a payment after a change, and which reasons its money takes away when it goes back. */
export function attentionRows(deps: Deps, before: PaymentAggregate, after: Picture): Statement[] {
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
    // Of a cancelled order the money is tried to be given back by itself, and two payments of an order say it better.
    ...(isTwice || before.orderCancelled ? [] : refundRows(deps, before, after)),
    ...(isTwice ? [raise(deps, aggregateId, { kind: "order_paid_twice", ...about })] : []),
    ...(isKept(before, after) ? [raise(deps, aggregateId, { kind: "cancelled_order_paid", ...about })] : []),
  ];
}

/** Money that was on its way back is with the seller again. Whoever asked for a refund that was refused was told so at once. */
function refundRows(deps: Deps, before: PaymentAggregate, after: Picture): Statement[] {
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

function newlyFailed(before: PaymentAggregate, after: Picture) {
  return after.refunds.filter(({ id, kind, state }) => {
    const known = before.refunds.find((one) => one.id === id);
    return kind !== "release" && state === "failed" && known?.state !== "failed";
  });
}

/** A dispute is answered at Stripe, and until a day that Stripe has set. */
function disputeRows(deps: Deps, before: PaymentAggregate, after: Picture): Statement[] {
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

/** Whether a refund has just failed that was all we would try for a cancelled order. */
function isKept(before: PaymentAggregate, after: Picture): boolean {
  return (
    before.orderCancelled && newlyFailed(before, after).length > 0 && !endingOf(after.payment, { ...before, ...after })
  );
}
