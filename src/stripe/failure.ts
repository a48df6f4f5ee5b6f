import Stripe from "stripe";
import { platformTodo } from "./platform-refusals";

/**
 * The meaning of a failed call for the requested work.
 * `refused`: Stripe refused it for good. `not_done`: it was certainly not done, and may succeed later. `unknown`: it
 * may be done; a timeout is not a refusal.
 */
type Meaning = "refused" | "not_done" | "unknown";

/** All ways in which a Stripe call can fail. */
const meanings = {
  card_declined: "refused",
  insufficient_funds: "refused",
  not_found: "refused",
  already_refunded: "refused",
  /** The connected account was deleted, or its holder took our access away: Stripe does not say which. */
  account_gone: "refused",
  /** The customer was deleted. */
  customer_gone: "refused",
  capability_missing: "refused",
  /** The platform's owner has to agree to something at Stripe first, which `todo` names. */
  platform_not_ready: "refused",
  /** We decided not to send it any more: Stripe has not done it, and was not asked to. */
  not_wanted: "refused",
  /** An operator has found that Stripe never made it. */
  not_made: "refused",
  /** Not sent any more, because what it was to pay for is paid. */
  paid_already: "refused",
  /** A debit that the account's holder has not allowed. */
  mandate_missing: "refused",
  state_wrong: "refused",
  amount_wrong: "refused",
  invalid_request: "refused",
  parameters_changed: "unknown",
  unauthorized: "not_done",
  rate_limited: "not_done",
  key_in_use: "unknown",
  unreachable: "unknown",
  server_error: "unknown",
  bad_answer: "unknown",
  /** Stripe's list is longer than one run reads: the next run continues. */
  not_read_yet: "unknown",
} as const satisfies Record<string, Meaning>;

export type FailureKind = keyof typeof meanings;

export interface StripeFailure {
  kind: FailureKind;
  meaning: Meaning;
  /** Stripe's own code and request id, for the log and the timeline. */
  code?: string;
  /** The bank's reason for a declined card. */
  declineCode?: string;
  /** The charge that failed. */
  chargeId?: string;
  stripeRequestId?: string;
  /** The step that the platform's owner must take. */
  todo?: string;
  message: string;
}

/** The outcome of a Stripe call: a checked value, or a failure as data. */
export type StripeOutcome<T> = { ok: true; value: T } | { ok: false; failure: StripeFailure };

/** Makes a failure of a kind. */
export function failure(
  kind: FailureKind,
  message: string,
  more: Pick<StripeFailure, "code" | "declineCode" | "chargeId" | "stripeRequestId" | "todo"> = {},
): StripeFailure {
  return { kind, meaning: meanings[kind], message, ...more };
}

/** Translates an error of the SDK. Unknown errors count as `unreachable`: the work may have been done. */
export function failureOf(error: unknown): StripeFailure {
  if (!(error instanceof Stripe.errors.StripeError)) return failure("unreachable", String(error));
  const todo = platformTodo(error.message);
  const more = {
    ...(error.code === undefined ? {} : { code: error.code }),
    ...(error.decline_code ? { declineCode: error.decline_code } : {}), // the SDK has "" for a missing code
    ...(error.charge === undefined ? {} : { chargeId: error.charge }),
    ...(error.requestId === undefined ? {} : { stripeRequestId: error.requestId }),
    ...(todo === undefined ? {} : { todo }),
  };
  const kind = kindOf(error);
  return failure(kind, wordsFor(kind, error.message), more);
}

/**
 * Returns Stripe's words for the caller. Sentences about our key, its permissions, or other platforms' accounts are
 * replaced, because they concern nobody outside.
 */
function wordsFor(kind: FailureKind, message: string): string {
  if (kind === "platform_not_ready") return "Stripe opens no accounts for this platform yet.";
  if (kind === "account_gone") return "Stripe does not show us this account any more.";
  if (kind === "unauthorized" || /\b[rs]k_(?:test|live)_|\bAPI key\b|\b(?:test|live) mode key\b/i.test(message)) {
    return "Stripe did not let us do this.";
  }
  return message;
}

const kindsByCode: Partial<Record<string, FailureKind>> = {
  charge_already_refunded: "already_refunded",
  insufficient_capabilities_for_transfer: "capability_missing",
  account_invalid: "account_gone",
  balance_insufficient: "insufficient_funds",
  insufficient_funds: "insufficient_funds",
  resource_missing: "not_found",
  lock_timeout: "key_in_use",
  idempotency_key_in_use: "key_in_use",
  rate_limit: "rate_limited",
  payment_intent_unexpected_state: "state_wrong",
  amount_too_small: "amount_wrong",
  amount_too_large: "amount_wrong",
};

/** The kind of failure for a missing object, by the parameter that named it. */
const kindsByMissing: Partial<Record<string, FailureKind>> = {
  account: "account_gone",
  destination: "account_gone",
  customer: "customer_gone",
};

function kindOf(error: InstanceType<typeof Stripe.errors.StripeError>): FailureKind {
  const status = error.statusCode ?? 0;
  if (error instanceof Stripe.errors.StripeConnectionError) return "unreachable";
  if (error instanceof Stripe.errors.StripeIdempotencyError)
    return status === 409 ? "key_in_use" : "parameters_changed";
  if (status >= 500) return "server_error";
  const missing = error.code === "resource_missing" ? kindsByMissing[error.param ?? ""] : undefined;
  if (missing) return missing;
  if (status === 403 && /does not have access to account/.test(error.message)) return "account_gone";
  const byCode = error.code === undefined ? undefined : kindsByCode[error.code];
  if (byCode) return byCode;
  if (status === 429) return "rate_limited";
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 409) return "key_in_use";
  if (status === 404) return "not_found";
  if (status === 402) return "card_declined";
  if (status === 400 && platformTodo(error.message) !== undefined) return "platform_not_ready";
  // Stripe sends no code with this refusal: https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment
  if (status === 400 && /requires a mandate|`mandate_data` is required/.test(error.message)) return "mandate_missing";
  if (status === 400) return "invalid_request";
  return "bad_answer";
}
