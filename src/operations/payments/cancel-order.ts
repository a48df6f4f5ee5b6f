import { type Order, orderPosition, selectOrder, selectOrderVersion, updateOrder } from "../../db/payments/orders";
import {
  loadPayment,
  type OrderKey,
  type Payment,
  selectPaymentsOfOrder,
  updatePayment,
} from "../../db/payments/payments";
import { mayAsk } from "../../domain/payments/payment";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { cancellation } from "./cancel-payment";
import { isUncertain, requestCall } from "./request-call";

/** Delay after which the clock ends the payment, in case this command is interrupted before it has done so. */
const graceMs = 10_000;

/**
 * Cancels an order for good, with the payment that counts for it. A payment that succeeded must be refunded first, by
 * its own request; money that arrives later is returned automatically. Cancelling again gives the same answer. Refuses
 * `order_unknown`, and `state_wrong` for a paid order.
 */
export async function cancelOrder(deps: Deps, key: OrderKey): Promise<Result<Order>> {
  const [[order], [last], payments] = await deps.db.batch([
    selectOrder(deps.db, key),
    selectOrderVersion(deps.db, key),
    selectPaymentsOfOrder(deps.db, key),
  ]);
  if (!order) return refuse("order_unknown");
  if (order.state === "cancelled") return success(order);
  const live = payments.filter((one) => one.live !== null);
  if (live.some(isRefundable)) return refuse("state_wrong", "The order is paid: refund it instead.");
  const nowMs = deps.nowMs();
  const ended = { state: "cancelled", waiting: null, updatedAt: nowMs } as const;
  const cancelled: Order = { ...order, ...ended };
  await appendChange(deps, orderPosition(order, last), {
    name: "cancel-order",
    actor: "developer",
    data: { orderId: order.orderId },
    rows: [
      updateOrder(deps.db, key, ended),
      ...live.map(({ id }) => updatePayment(deps.db, id, { dueAt: nowMs + graceMs })),
    ],
    answer: success(cancelled),
  });
  for (const { id } of live) await endPayment(deps, id);
  return success(cancelled);
}

/**
 * Tells whether a payment has money that was not refunded. A refund under way needs only time: if it fails, it is
 * requested once more.
 */
function isRefundable({ state, capturedMinor, refundedMinor }: Payment): boolean {
  return state === "succeeded" && refundedMinor < capturedMinor;
}

/** Cancels the payment. If that is impossible at this moment, its next check ends it. */
async function endPayment(deps: Deps, paymentId: string): Promise<void> {
  const { reservation: _, ...withoutReservation } = deps; // the request's answer is not written by this
  const found = await loadPayment(deps.db, paymentId);
  if (!found || isUncertain(found) || !mayAsk("cancel", found.payment.state)) return;
  await requestCall(withoutReservation, found, cancellation(found.payment, null, { reason: "order_cancelled" }), {
    actor: "developer",
  });
}
