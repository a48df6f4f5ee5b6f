import type { FaultKind } from "./faults";
import { invalid, Refusal } from "./refusal";
import { API_VERSION } from "./version";

/** A request to Stripe's API, in the form in which it is passed to the object. */
export interface ApiRequest {
  source: "application" | "public";
  method: string;
  /** The path with `/v1`, without query. */
  path: string;
  query: string;
  body: string;
  authorization: string | null;
  idempotencyKey: string | null;
  stripeAccount: string | null;
  stripeVersion: string | null;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The fault that the caller sees instead of the answer. */
  fault: FaultKind | null;
  /** The time that the answer takes. */
  latencyMs: number;
}

/** Accepts any test key, as Bearer or Basic, and the one API version. Throws Stripe's refusal otherwise. */
export function authenticate(request: ApiRequest): void {
  const [scheme = "", credentials = ""] = (request.authorization ?? "").split(" ");
  const key = scheme.toLowerCase() === "basic" ? userOf(credentials) : credentials;
  if (key === "") {
    throw unauthorized("You did not provide an API key: send Authorization: Bearer sk_test_…");
  }
  if (!/^sk_test_\w+$/.test(key)) {
    throw unauthorized("Invalid API Key provided. The sandbox takes any key that starts with sk_test_, and no other.");
  }
  if (request.stripeVersion !== null && request.stripeVersion !== API_VERSION) {
    throw invalid(undefined, `Invalid Stripe API version: ${request.stripeVersion}. Here it is ${API_VERSION}.`);
  }
}

function userOf(credentials: string): string {
  try {
    return atob(credentials).split(":")[0] ?? "";
  } catch {
    return "";
  }
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, { type: "invalid_request_error", message }, false);
}
