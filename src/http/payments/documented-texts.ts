import type { Dialect, ErrorResponse } from "../dialect";
import type { PaymentsCallers } from "./auth";
import { paymentsDialect, paymentsRefusals } from "./dialect";

/**
 * Makes a contract adapter that gives some refusals documented words. The reference had one text and a 500 for every
 * refusal of Stripe's; here each refusal has its status, and the text stays, with Stripe's words in it
 * (src/guides/decisions.md#client-mistakes).
 */
function inWords(refusals: Partial<Dialect["refusals"]>, words: (detail: string) => string): Dialect<PaymentsCallers> {
  const worded = Object.entries(refusals).map(([name, answer]): [string, ErrorResponse] => [
    name,
    { ...answer, say: words },
  ]);
  return { ...paymentsDialect, refusals: { ...paymentsRefusals, ...Object.fromEntries(worded) } };
}

/** A refusal of Stripe's is a conflict with its state: mostly an account that may not charge. */
const conflict: ErrorResponse = { status: 409, text: "Stripe refused the request." };

const { amount_refused, card_declined, method_refused, nothing_refundable, state_wrong } = paymentsRefusals;

/** The text of a payment that cannot be created. */
export const createPaymentDialect = inWords(
  { amount_refused, stripe_refused: conflict },
  (detail) => `An error occurred while creating the payment intent.${detail}`,
);

/** The text of a confirmation that failed. Both missing spaces are part of the documented text. */
export const confirmPaymentDialect = inWords(
  { state_wrong, card_declined, method_refused, stripe_refused: conflict },
  (detail) =>
    `An error occurred while confirming the payment intent${detail} Check if the payment method is valid, and also check if you havecompleted the onboarding process`,
);

const refunds = inWords(
  { state_wrong, nothing_refundable, stripe_refused: conflict },
  (detail) => `An error occurred while creating the refund. ${detail}`,
);

/** The text of a refund that failed. The detail of an unknown order is its id. */
export const refundPaymentDialect: Dialect<PaymentsCallers> = {
  ...refunds,
  refusals: {
    ...refunds.refusals,
    order_unknown: {
      status: 404,
      text: "Transaction not found",
      code: "payment_unknown",
      say: (orderId) => `Transaction with order_id ${orderId} not found.`,
    },
  },
};
