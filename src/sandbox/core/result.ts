import type { FaultKind } from "./faults";
import { type ErrorBody, Refusal } from "./refusal";

/** An answer before it is printed; `kept` ones are stored under the idempotency key. */
export interface Result {
  status: number;
  body: object;
  kept: boolean;
}

/**
 * Returns the answer to a thrown or returned error. An error that is not Stripe's is a mistake of the sandbox, and says
 * so.
 */
export function resultOf(error: unknown): Result {
  if (error instanceof Refusal) {
    return { status: error.status, body: { error: error.body }, kept: error.kept };
  }
  const message = error instanceof Error ? `The sandbox itself failed: ${error.stack}` : String(error);
  return failed({ type: "api_error", message }, 500, false);
}

/**
 * Returns the answer of a fault that comes before any work, or null. After a timeout or reset the caller never sees it.
 */
export function answerOf(fault: FaultKind | null): Result | null {
  switch (fault) {
    case "500":
    case "timeout_before":
    case "reset":
      return failed(SERVER_ERROR, 500, false);
    case "429":
      return failed(RATE_LIMITED, 429, false);
    default:
      return null;
  }
}

/** Makes a server error that Stripe stores and repeats, whether the work was done or not. */
export function storedServerError(): Result {
  return failed(SERVER_ERROR, 500, true);
}

function failed(error: ErrorBody, status: number, kept: boolean): Result {
  return { status, body: { error }, kept };
}

const SERVER_ERROR: ErrorBody = {
  type: "api_error",
  message: "An error occurred while processing your request. Please try again.",
};

const RATE_LIMITED: ErrorBody = {
  type: "invalid_request_error",
  code: "rate_limit",
  message: "Request rate limit exceeded. Learn more about rate limits here https://docs.stripe.com/rate-limits.",
};
