import type { Payment, PaymentAggregate, PaymentRefund } from "../../db/payments";
import { mayAsk } from "../../domain/payment";
import type { Command } from "../commands";

const reason = "order_cancelled";

/** What a cancelled order's payment is ended by: at once, and after this long should that request be lost. */
export const unwantedLookMs = 60_000;

/**
 * What a payment needs whose order was cancelled: money that came all the same goes back, an authorisation is released,
 * and what could still be paid is ended (payments.md F15). A refund is tried once: what Stripe refuses to give back is told
 * to the developer, and not tried for ever.
 */
export function endingOf(
  payment: Payment,
  { orderCancelled, refunds }: Pick<PaymentAggregate, "orderCancelled"> & { refunds: readonly PaymentRefund[] },
): Command | undefined {
  if (!orderCancelled) return undefined;
  const { developerId, appId, orderId, state } = payment;
  const key = { developerId, appId, orderId };
  const hasMoney = state === "succeeded" && payment.refundedMinor < payment.capturedMinor;
  if (hasMoney || state === "requires_capture") {
    if (refunds.some((one) => one.reason === reason)) return undefined;
    const input = { ...key, userId: undefined, accountId: undefined, amountMinor: undefined, reason };
    return { name: "refund-payment", input };
  }
  if (!mayAsk("cancel", state)) return undefined;
  return { name: "check-payment", input: { ...key, paymentId: payment.id, about: "everything" } };
}
