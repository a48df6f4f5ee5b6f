import { documented } from "../described";
import type { Dialect, ErrorResponse, Explanation } from "../dialect";
import type { PaymentsCallers } from "./auth";
import { paymentsDialect, paymentsRefusals, paymentsRequestErrors } from "./dialect";

/**
 * Makes the contract adapter of one route, which gives `refusals` the text that is documented for that route. The
 * reference answered every refusal of Stripe's with this text and a 500; here each refusal has its own status, and the
 * text contains Stripe's words as its detail (src/guides/decisions.md#client-mistakes).
 */
function inWords(refusals: Partial<Dialect["refusals"]>, words: (detail: string) => string): Dialect<PaymentsCallers> {
  const worded = Object.entries(refusals).map(([name, answer]): [string, ErrorResponse] => [
    name,
    { ...answer, say: words },
  ]);
  return { ...paymentsDialect, refusals: { ...paymentsRefusals, ...Object.fromEntries(worded) } };
}

/**
 * Stripe refuses because of the state of an object there, mostly an account that may not charge: so it is a conflict.
 */
const conflict: ErrorResponse = { status: 409, text: "Stripe refused the request." };

const { amount_refused, card_declined, method_refused, nothing_refundable, state_wrong } = paymentsRefusals;

/** The contract adapter for creating a payment. */
export const createPaymentDialect = inWords(
  { amount_refused, stripe_refused: conflict },
  (detail) => `An error occurred while creating the payment intent.${detail}`,
);

/** The contract adapter for confirming a payment. Both missing spaces are part of the documented text. */
export const confirmPaymentDialect = inWords(
  { state_wrong, card_declined, method_refused, stripe_refused: conflict },
  (detail) =>
    `An error occurred while confirming the payment intent${detail} Check if the payment method is valid, and also check if you havecompleted the onboarding process`,
);

/** The documented words of a refund, without the unknown order, which has a text of its own. */
const refunds = inWords(
  { state_wrong, nothing_refundable, stripe_refused: conflict },
  (detail) => `An error occurred while creating the refund. ${detail}`,
);

/** The contract adapter for refunding a payment. The detail of an unknown order is its id. */
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

const emailText = "Invalid request body. 'email' field is required.";

/**
 * The payments contract's adapter for opening an account: a body without a valid e-mail is 400 with one text, whatever
 * else is wrong with it.
 */
export const accountDialect: Dialect<PaymentsCallers> = {
  ...paymentsDialect,
  requestErrors: { ...paymentsRequestErrors, body_malformed: { status: 400, text: emailText } },
  explain(issues): Explanation {
    // A card number in the e-mail's place is reported like any other card number.
    const isAboutEmail = issues.some(({ path, code }) => path[0] === "email" && code !== "custom");
    if (isAboutEmail) return { text: emailText, errors: {}, requestError: "body_malformed" };
    return paymentsDialect.explain(issues);
  },
  envelope: (answer, errors, asked) =>
    answer.status === 400
      ? { mediaType: "application/json", members: { detail: answer.text } }
      : paymentsDialect.envelope(answer, errors, asked),
  documented: documented(() => ({
    ...paymentsDialect.documented,
    errorSchema: (status) => paymentsDialect.documented.errorSchema(status === 400 ? 401 : status),
  })),
};
