import * as z from "zod";
import type { PaymentFacts } from "../../db/payments/payment-facts";
import type { PaymentRefund } from "../../db/payments/payments";
import type { ListedRefund } from "../../db/payments/refund-lists";
import { forDescription } from "../described";
import { amountText } from "./order-object";
import { transactionIdOf } from "./payment-object";
import { envelope } from "./print-success";

const refundObject = forDescription(() =>
  z
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
    .meta({ id: "Refund" }),
);

/** A refund in a list. */
export const listedRefund = forDescription(() =>
  refundObject
    .extend({ account_id: z.string(), currency: z.string(), created_at: z.iso.datetime() })
    .meta({ id: "ListedRefund" }),
);

/** The schema of a refund in an answer, in the documented order. */
export const refundAnswer = forDescription(() =>
  z.strictObject({
    meta: z.strictObject({ status: z.literal("success"), message: z.string() }),
    data: refundObject,
    links: z.strictObject({ self: z.string() }),
  }),
);

/** Prints a refund of a payment. */
export function printRefund(
  { payment, refund }: { payment: PaymentFacts; refund: PaymentRefund },
  message: string,
  request: Request,
) {
  return envelope({ meta: { status: "success", message }, data: toRefund(payment, refund) }, request);
}

function toRefund(payment: PaymentFacts, refund: PaymentRefund): z.infer<typeof refundObject> {
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

/** Prints a refund for a list. */
export function toListedRefund({ payment, refund }: ListedRefund): z.infer<typeof listedRefund> {
  return {
    ...toRefund(payment, refund),
    account_id: payment.stripeAccountId,
    currency: refund.currency,
    created_at: new Date(refund.createdAt).toISOString(),
  };
}

/** The statuses of a refund as they are shown, and the states that each means. */
export const refundStatuses = {
  pending: ["claimed", "pending"],
  succeeded: ["succeeded"],
  failed: ["failed"],
} as const satisfies Record<z.infer<typeof refundObject>["status"], readonly PaymentRefund["state"][]>;
