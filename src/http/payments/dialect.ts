import { documented } from "../described";
import type { Dialect, ErrorResponse, Errors } from "../dialect";
import { foreignRefusals } from "../foreign-refusals";
import { titles } from "../problem/problem";
import {
  type AppCaller,
  authenticateIdentity,
  type PaymentsCallers,
  type ShopperCaller,
  showsIdentity,
  tooMany,
  unauthorized,
  unavailable,
} from "./auth";
import { findCardNumbers } from "./card-numbers";
import { documentPayments, plainStatuses } from "./document-payments";
import { explain } from "./issue-messages";

const unexpected: ErrorResponse = { status: 500, text: "An unexpected error occurred while processing your request." };
const soon = { "Retry-After": "1" };
const later = { "Retry-After": "10" };

/** The payments contract's words for all refusals. */
export const paymentsRefusals: Dialect["refusals"] = {
  role_wrong: unauthorized,
  idempotency_key_reused: { status: 422, text: "The idempotency key was used for a different request." },
  idempotency_key_running: {
    status: 409,
    text: "A request with this idempotency key is still running.",
    headers: soon,
  },
  scope_missing: {
    status: 403,
    text: "The token lacks a scope.",
    say: (scope) => `The token lacks the scope ${scope}.`,
  },
  not_yours: unauthorized,
  developer_unknown: { status: 404, text: "Developer not found" },
  token_unknown: { status: 404, text: "Token not found" },
  app_unknown: { status: 404, text: "App not found" },
  account_foreign: { ...unauthorized, text: "Not the Owner of account" },
  order_unknown: { status: 404, text: "Order not found" },
  payment_unknown: { status: 404, text: "Transaction not found" },
  refund_unknown: { status: 404, text: "Refund not found" },
  dispute_unknown: { status: 404, text: "Dispute not found" },
  method_unknown: { status: 404, text: "Payment method not found" },
  tokens_full: { status: 409, text: "Too many tokens are live. End one first." },
  developer_exists: { status: 409, text: "A developer with this email already exists." },
  user_exists: { status: 409, text: "A user with this external_id already exists." },
  account_exists: { status: 409, text: "An account with this email already exists." },
  terms_missing: {
    status: 422,
    text: "The order has no terms: name account_id and amount.",
    sayOf: (field) => `${field} is required`,
  },
  terms_differ: {
    status: 422,
    text: "The request does not match the order.",
    sayOf: (field) => `${field} does not match the order`,
  },
  order_cancelled: { status: 409, text: "The order is cancelled." },
  payment_exists: { status: 409, text: "There is a live transaction for this order already." },
  amount_refused: { status: 422, text: "This amount cannot be charged.", say: (detail) => detail, field: "amount" },
  currency_refused: {
    status: 422,
    text: "This currency cannot be charged on the account.",
    say: (detail) => detail,
    field: "currency",
  },
  payment_uncertain: {
    status: 409,
    text: "The outcome of an earlier call to Stripe is not known yet. Try again later.",
    headers: later,
  },
  authorization_expired: { status: 409, text: "The authorisation has ended." },
  amount_exceeds_authorization: {
    status: 422,
    text: "The amount is above what was authorised.",
    field: "amount_to_capture",
  },
  nothing_refundable: { status: 409, text: "The order has no transaction that can be refunded." },
  amount_exceeds_refundable: { status: 422, text: "The amount is above what can be refunded.", field: "amount" },
  onboarding_incomplete: {
    status: 409,
    text: "The account has not completed onboarding.",
    say: (detail) => `An error occurred while creating the login link.${detail}`,
  },
  account_in_use: {
    status: 409,
    text: "The account is in use.",
    say: (detail) => `The account is in use. ${detail}`,
  },
  state_wrong: { status: 409, text: "The transaction is not in a state that allows this.", say: (detail) => detail },
  card_declined: { status: 402, text: "The card was declined.", say: (detail) => detail },
  account_gone: {
    status: 409,
    text: "The account is gone at Stripe: it was deleted, or its holder took our access away. Nothing can be paid or refunded on it. Open another, and name that one.",
  },
  method_gone: {
    status: 409,
    text: "The payment method is gone at Stripe: it was taken off there, or its customer was deleted. Ask the shopper for another.",
  },
  mandate_required: {
    status: 422,
    text: "The bank account may be debited only with a mandate of the shopper: say in mandate_data how it was accepted.",
    field: "mandate_data",
  },
  method_refused: {
    status: 422,
    text: "Stripe does not accept this payment method.",
    say: (detail) => detail,
    field: "payment_method_id",
  },
  stripe_refused: { status: 502, text: "Stripe refused the request." },
  stripe_unavailable: unavailable,
  busy: { ...unavailable, headers: soon },
  ...foreignRefusals(["webhooks", "offers", "transfers", "operator"], unexpected),
};

/** The payments contract's words for all request errors. */
export const paymentsRequestErrors: Dialect["requestErrors"] = {
  unauthenticated: unauthorized,
  rate_limited: tooMany,
  path_unknown: { status: 404, text: titles[404] },
  method_wrong: { status: 405, text: titles[405] },
  body_too_large: { status: 413, text: "The request body is too large." },
  media_type_wrong: { status: 415, text: "The request body must be JSON." },
  body_encoded: { status: 415, text: "The request body must have no Content-Encoding." },
  body_malformed: { status: 400, text: "The request body is not a valid JSON object." },
  input_invalid: { status: 422, text: "The input is not valid." },
  idempotency_key_invalid: {
    status: 400,
    text: "The Idempotency-Key header must be 1 to 128 printable characters.",
  },
  failed: unexpected,
  unavailable,
};

/** The payments contract's adapter: `{detail}`, or `{error, meta, details}`. */
export const paymentsDialect: Dialect<PaymentsCallers> = {
  name: "payments",
  refusals: paymentsRefusals,
  requestErrors: paymentsRequestErrors,
  explain,
  envelope: (answer, errors, { method, url }) => ({
    mediaType: "application/json",
    members: plainStatuses.includes(answer.status)
      ? { detail: answer.text }
      : {
          error: titles[answer.status],
          meta: { success: false, status_code: answer.status, request_method: method, request_path: url },
          details: detailsOf(answer, errors),
        },
  }),
  showFacts: (facts) => Object.fromEntries(Object.entries(facts).map(([name, fact]) => [snakeCase(name), fact])),
  inspect: findCardNumbers,
  sizeFirst: true,
  documented: documented(documentPayments),
  authenticate: authenticateIdentity,
  matches: showsIdentity,
  callerId: (caller) => {
    const { developer, app, user } = caller as Partial<AppCaller & ShopperCaller> & typeof caller;
    return [developer.id, app?.id, user?.id].join(":");
  },
  crossOrigin: false,
};

function detailsOf({ text }: ErrorResponse, errors: Errors | undefined) {
  return errors === undefined ? { message: text } : { message: text, errors };
}

/** Converts "declineCode" to "decline_code". */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
