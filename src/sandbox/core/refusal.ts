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
 * An error answer of Stripe's. If it is thrown, everything that the request wrote is undone; if a handler returns it,
 * it stays (a declined charge is kept).
 */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    /**
     * Whether the answer is stored under the idempotency key. Stripe stores none for parameters that fail validation.
     */
    readonly kept: boolean,
  ) {
    super(body.message);
  }
}

/** Refuses a parameter that fails validation: nothing was executed, so the idempotency key stays free. */
export function invalid(param: string | undefined, message: string, code?: string): Refusal {
  return new Refusal(
    400,
    { type: "invalid_request_error", message, ...(code && { code }), ...(param && { param }) },
    false,
  );
}

/** Refuses a request that was understood and executed, but that the present state forbids. */
export function refused(code: string | undefined, message: string, param?: string): Refusal {
  return new Refusal(
    400,
    { type: "invalid_request_error", message, ...(code && { code }), ...(param && { param }) },
    true,
  );
}

/** Refuses an id that names nothing: 404 if it is in the path, 400 if it came as a parameter. */
export function missing(noun: string, id: string, param = "id"): Refusal {
  const message = `No such ${NOUNS[noun] ?? noun}: '${id}'`;
  return new Refusal(
    param === "id" ? 404 : 400,
    { type: "invalid_request_error", code: "resource_missing", message, param },
    true,
  );
}

/** Words for kinds whose name in Stripe's messages differs from their `object`. */
const NOUNS: Readonly<Record<string, string>> = { payment_method: "PaymentMethod", setup_intent: "setupintent" };

/** Refuses a connected account that does not exist, or is not ours: Stripe does not say which. */
export function noAccess(account: string): Refusal {
  const message = `The provided key 'sk_test_***' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`;
  return new Refusal(403, { type: "invalid_request_error", code: "account_invalid", message }, true);
}
