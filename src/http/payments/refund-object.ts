import * as z from "zod";
import type { Payment, PaymentRefund } from "../../db/payments/payments";
import { amountText } from "./order-object";
import { transactionIdOf } from "./payment-object";
import { envelope } from "./print-success";

const refundObject = z
  .strictObject({
    refund_id: z.string(),
    transaction_id: z.string(),
    user_id: z.string(),
    order_id: z.string(),
    app_id: z.string(),
    amount: amountText,
    status: z.enum(["pending", "succeeded", "failed"]),
    reason: z.string().nullable(),
    pending_reason: z.string().optional().meta({
      description: "Only while it is pending: what it waits for, in Stripe's words.",
      example: "insufficient_funds",
    }),
  })
  .meta({ id: "Refund" });

/** The schema of a refund in an answer, in the documented order. */
export const refundAnswer = z.strictObject({
  meta: z.strictObject({ status: z.literal("success"), message: z.string() }),
  data: refundObject,
  links: z.strictObject({ self: z.string() }),
});

/** Prints a refund of a payment. */
export function printRefund(
  { payment, refund }: { payment: Payment; refund: PaymentRefund },
  message: string,
  request: Request,
) {
  return envelope({ meta: { status: "success", message }, data: toRefund(payment, refund) }, request);
}

function toRefund(payment: Payment, refund: PaymentRefund): z.infer<typeof refundObject> {
  return {
    refund_id: refund.id,
    transaction_id: transactionIdOf(payment),
    user_id: payment.userId,
    order_id: payment.orderId,
    app_id: payment.appId,
    amount: String(refund.amountMinor),
    // A requested refund that Stripe has not answered counts as pending.
    status: refund.state === "claimed" ? "pending" : refund.state,
    reason: refund.reason,
    ...(refund.state === "pending" && refund.pendingReason !== null ? { pending_reason: refund.pendingReason } : {}),
  };
}
