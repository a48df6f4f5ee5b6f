import * as z from "zod";
import type { ListedDispute } from "../../db/payments/dispute-lists";
import { disputeStates } from "../../domain/money-back";
import { forDescription } from "../described";
import { amountText } from "./order-object";
import { transactionIdOf } from "./payment-object";

/** A dispute: a cardholder's bank takes a payment back, and the account can answer at Stripe until it is due. */
export const disputeObject = forDescription(() =>
  z
    .strictObject({
      dispute_id: z.string().meta({ description: "Stripe's id.", example: "du_1MtJUT2eZvKYlo2CNaw2HvEv" }),
      transaction_id: z.string(),
      user_id: z.string(),
      order_id: z.string(),
      app_id: z.string(),
      account_id: z.string(),
      amount: amountText,
      currency: z.string(),
      status: z.enum(disputeStates).meta({
        description: "`open`: money may be withheld. `won`: for the account, or ended without taking anything. `lost`.",
      }),
      reason: z.string().meta({ description: "The cardholder's, in Stripe's words.", example: "fraudulent" }),
      due_by: z.iso.datetime().nullable().meta({ description: "Until when it can be answered at Stripe." }),
      created_at: z.iso.datetime().meta({ description: "When we heard of it." }),
    })
    .meta({ id: "Dispute" }),
);

/** Prints a dispute of a payment. */
export function toDispute({ dispute, payment }: ListedDispute): z.infer<typeof disputeObject> {
  return {
    dispute_id: dispute.stripeId,
    transaction_id: transactionIdOf(payment),
    user_id: payment.userId,
    order_id: payment.orderId,
    app_id: payment.appId,
    account_id: payment.stripeAccountId,
    amount: String(dispute.amountMinor),
    currency: dispute.currency,
    status: dispute.state,
    reason: dispute.reason,
    due_by: dispute.dueBy === null ? null : new Date(dispute.dueBy).toISOString(),
    created_at: new Date(dispute.createdAt).toISOString(),
  };
}
