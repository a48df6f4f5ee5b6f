/** The members of a Stripe error body: https://docs.stripe.com/api/errors */
export interface ErrorBody {
  type: "invalid_request_error" | "card_error" | "idempotency_error" | "api_error";
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: object;
  payment_method?: object;
  setup_intent?: object;
}

/**
 * An answer that is Stripe's error. Thrown, it undoes everything that the request wrote; returned by a handler, what
 * was written stays (a declined charge is kept).
 */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    /** Whether the answer is kept under the idempotency key. Stripe keeps none for parameters that fail validation. */
    readonly kept: boolean,
  ) {
    super(body.message);
  }
}

/** A parameter that fails validation: nothing was executed, so the idempotency key stays free. */
export function invalid(param: string | undefined, message: string, code?: string): Refusal {
  return new Refusal(
    400,
    { type: "invalid_request_error", message, ...(code && { code }), ...(param && { param }) },
    false,
  );
}

/** A request that was understood and executed, and that the state of things forbids. */
export function refused(code: string | undefined, message: string, param?: string): Refusal {
  return new Refusal(
    400,
    { type: "invalid_request_error", message, ...(code && { code }), ...(param && { param }) },
    true,
  );
}

/** An id that names nothing: 404 when it stands in the path, 400 when it came as a parameter. */
export function missing(noun: string, id: string, param = "id"): Refusal {
  const message = `No such ${NOUNS[noun] ?? noun}: '${id}'`;
  return new Refusal(
    param === "id" ? 404 : 400,
    { type: "invalid_request_error", code: "resource_missing", message, param },
    true,
  );
}

/** Where Stripe's messages name a kind in other words than its `object`. */
const NOUNS: Readonly<Record<string, string>> = { payment_method: "PaymentMethod", setup_intent: "setupintent" };

/** A connected account that does not exist, or is not ours: Stripe does not tell which. */
export function noAccess(account: string): Refusal {
  const message = `The provided key 'sk_test_***' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`;
  return new Refusal(403, { type: "invalid_request_error", code: "account_invalid", message }, true);
}
