import Stripe from "#stripe";

/**
 * What a failed call means for the work that was asked for.
 * `refused`: Stripe said no, for good. `not_done`: certainly not done, the same may succeed later. `unknown`: it may be
 * done; a timeout is not a failure.
 */
type Meaning = "refused" | "not_done" | "unknown";

/** The closed list of ways in which a call at Stripe fails. */
const meanings = {
  card_declined: "refused",
  insufficient_funds: "refused",
  not_found: "refused",
  already_refunded: "refused",
  capability_missing: "refused",
  /** We would not send it any more: Stripe has not done it, and was not asked to. */
  not_wanted: "refused",
  /** The same, because what it was to pay for is paid. */
  paid_already: "refused",
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
  /** Stripe's list holds more than one run reads: the next one goes on. */
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
  message: string;
}

/** What a call at Stripe answers: a checked value, or a failure as data. */
export type StripeOutcome<T> = { ok: true; value: T } | { ok: false; failure: StripeFailure };

/** Builds a failure of a kind. */
export function failure(
  kind: FailureKind,
  message: string,
  more: Pick<StripeFailure, "code" | "declineCode" | "chargeId" | "stripeRequestId"> = {},
): StripeFailure {
  return { kind, meaning: meanings[kind], message, ...more };
}

/** Translates whatever the SDK threw. Unknown errors are read as `unreachable`: the work may have been done. */
export function failureOf(error: unknown): StripeFailure {
  if (!(error instanceof Stripe.errors.StripeError)) return failure("unreachable", String(error));
  const more = {
    ...(error.code === undefined ? {} : { code: error.code }),
    ...(error.decline_code ? { declineCode: error.decline_code } : {}), // the SDK says "" where Stripe says nothing
    ...(error.charge === undefined ? {} : { chargeId: error.charge }),
    ...(error.requestId === undefined ? {} : { stripeRequestId: error.requestId }),
  };
  return failure(kindOf(error), error.message, more);
}

const kindsByCode: Partial<Record<string, FailureKind>> = {
  charge_already_refunded: "already_refunded",
  insufficient_capabilities_for_transfer: "capability_missing",
  account_invalid: "not_found",
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

function kindOf(error: InstanceType<typeof Stripe.errors.StripeError>): FailureKind {
  const status = error.statusCode ?? 0;
  if (error instanceof Stripe.errors.StripeConnectionError) return "unreachable";
  if (error instanceof Stripe.errors.StripeIdempotencyError)
    return status === 409 ? "key_in_use" : "parameters_changed";
  if (status >= 500) return "server_error";
  const byCode = error.code === undefined ? undefined : kindsByCode[error.code];
  if (byCode) return byCode;
  if (status === 429) return "rate_limited";
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 409) return "key_in_use";
  if (status === 404) return "not_found";
  if (status === 402) return "card_declined";
  if (status === 400) return "invalid_request";
  return "bad_answer";
}
