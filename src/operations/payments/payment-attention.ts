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
  if (payment.live !== null && live === null) {
    return [
      clear(deps, aggregateId, "stripe", ["order_paid_twice", "cancelled_order_paid"]),
      ...beside.map((other) => clear(deps, other.id, "stripe", ["order_paid_twice"])),
    ];
  }
  return [
    ...(isDuplicate(payment, after.payment, beside)
      ? [raise(deps, aggregateId, { kind: "order_paid_twice", ...about })]
      : []),
    ...(isKept(before, after) ? [raise(deps, aggregateId, { kind: "cancelled_order_paid", ...about })] : []),
  ];
}

/** Whether a refund has just failed that was all we would try for a cancelled order. */
function isKept(before: PaymentAggregate, after: Picture): boolean {
  const failed = after.refunds.filter(({ id, kind, state }) => {
    const known = before.refunds.find((one) => one.id === id);
    return kind !== "release" && state === "failed" && known?.state !== "failed";
  });
  return before.orderCancelled && failed.length > 0 && !endingOf(after.payment, { ...before, ...after });
}
