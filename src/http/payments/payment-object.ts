import * as z from "zod";
import { type PaymentView, selectPayment } from "../../db/payments/payment-views";
import { paymentStates } from "../../domain/payments/payment";
import { forDescription } from "../described";
import type { Edge } from "../edge";
import { amountText } from "./order-object";
import { printedDetails } from "./payment-details";
import { envelope, envelopeObject, messageMeta } from "./print-success";

/** Stripe's words, and `unknown` while a call's outcome is unknown (src/guides/decisions.md#unknown-outcomes). */
export const statuses = [...paymentStates, "unknown"] as const;

/** A transaction in a list. */
export const listedPayment = forDescription(() =>
  z
    .strictObject({
      transaction_id: z.string(),
      user_id: z.string(),
      order_id: z.string(),
      payment_method_id: z.string().nullable(),
      app_id: z.string(),
      developer_id: z.string(),
      amount: amountText,
      status: z.enum(statuses),
    })
    .meta({ id: "PaymentSummary" }),
);

const nextActionObject = forDescription(() =>
  z.record(z.string(), z.unknown()).meta({ description: "Stripe's, for Stripe.js." }),
);

/** A transaction by itself. */
const paymentObject = forDescription(() =>
  listedPayment
    .extend({
      account_id: z.string(),
      currency: z.string(),
      capture_method: z.enum(["automatic", "manual"]),
      amount_captured: amountText,
      amount_refunded: amountText,
      application_fee_amount: amountText,
      capture_before: z.iso.datetime().nullable().meta({ description: "When what is authorised must be captured." }),
      client_secret: z.string().nullable().meta({ description: "While it can be paid." }),
      next_action: nextActionObject.nullable(),
      last_error: z
        .strictObject({ code: z.string(), decline_code: z.string().nullable(), message: z.string() })
        .nullable()
        .meta({ description: "Why the last attempt to pay failed." }),
      ...printedDetails,
      created_at: z.iso.datetime(),
      updated_at: z.iso.datetime(),
    })
    .meta({ id: "Payment" }),
);

/** The schema of a transaction in an answer. */
export const paymentAnswer = forDescription(() => envelopeObject({ data: paymentObject, meta: messageMeta(200) }));

/** Prints one transaction. */
export function printPayment(payment: PaymentView, message: string, request: Request) {
  return envelope({ data: toPayment(payment), meta: { message, status_code: 200 } }, request);
}

/**
 * Returns a payment with what the shopper's browser needs now. A stored answer has come without it (`storable` in
 * db/idempotency.ts).
 */
export async function withAction({ deps: { db } }: Edge, payment: PaymentView): Promise<PaymentView> {
  if (payment.clientSecret !== undefined) return payment;
  const [[now]] = await db.batch([selectPayment(db, payment.id)]);
  const { clientSecret = null, nextAction = null } = now?.payment ?? {};
  return { ...payment, clientSecret, nextAction };
}

/** Returns a transaction's id: Stripe's, or ours until Stripe has named it. */
export function transactionIdOf({ stripeId, id }: Pick<PaymentView, "stripeId" | "id">): string {
  return stripeId ?? id;
}

/** Returns the printed status of a payment. */
export function statusOf({ uncertain, state }: Pick<PaymentView, "uncertain" | "state">): (typeof statuses)[number] {
  return uncertain ? "unknown" : state;
}

/** The members that the shopper's browser needs if the shopper must act. */
export const action = forDescription(() => ({
  client_secret: z.string().nullable().optional(),
  next_action: nextActionObject.nullable().optional(),
}));

/** Prints these members; none, unless the shopper must act. */
export function actionOf({ state, clientSecret, nextAction }: PaymentView) {
  return state === "requires_action" ? { client_secret: clientSecret, next_action: nextAction } : {};
}

/** Prints a transaction for a list. */
export function toListed(payment: PaymentView): z.infer<typeof listedPayment> {
  return {
    transaction_id: transactionIdOf(payment),
    user_id: payment.userId,
    order_id: payment.orderId,
    payment_method_id: payment.paymentMethodId,
    app_id: payment.appId,
    developer_id: payment.developerId,
    amount: String(payment.amountMinor),
    status: statusOf(payment),
  };
}

const payable = ["requires_payment_method", "requires_confirmation", "requires_action"];

function toPayment(payment: PaymentView): z.infer<typeof paymentObject> {
  const { state, captureBefore, lastError } = payment;
  return {
    ...toListed(payment),
    account_id: payment.stripeAccountId,
    currency: payment.currency,
    capture_method: payment.captureMethod,
    amount_captured: String(payment.capturedMinor),
    amount_refunded: String(payment.refundedMinor),
    application_fee_amount: String(payment.applicationFeeMinor),
    capture_before:
      state === "requires_capture" && captureBefore !== null ? new Date(captureBefore).toISOString() : null,
    client_secret: payable.includes(state) ? payment.clientSecret : null,
    next_action: payment.nextAction,
    last_error: lastError && {
      code: lastError.code,
      decline_code: lastError.declineCode,
      message: lastError.message,
    },
    description: payment.description,
    statement_descriptor_suffix: payment.statementDescriptorSuffix,
    receipt_email: payment.receiptEmail,
    metadata: payment.metadata ?? {},
    created_at: new Date(payment.createdAt).toISOString(),
    updated_at: new Date(payment.updatedAt).toISOString(),
  };
}
