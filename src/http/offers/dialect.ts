import * as z from "zod";
import { documented } from "../described";
import type { Dialect, ErrorResponse } from "../dialect";
import { foreignRefusals } from "../foreign-refusals";
import { authenticateBearer, type OffersCallers, tooMany, unauthenticated } from "./auth";
import { explain } from "./issue-messages";

const unexpected: ErrorResponse = { status: 500, text: "An unexpected error occurred." };
const unauthorized: ErrorResponse = { status: 403, text: "This action is unauthorized." };
const soon = { "Retry-After": "1" };

/** The offers contract's words for all refusals. */
export const offersRefusals: Dialect["refusals"] = {
  credentials_wrong: unauthenticated,
  user_suspended: { status: 403, text: "This account is suspended." },
  password_wrong: { status: 422, text: "The current password is incorrect.", field: "currentPassword" },
  reauthentication_required: {
    status: 422,
    text: "Send the current password, or log in again.",
    field: "currentPassword",
  },
  role_wrong: unauthorized,
  idempotency_key_reused: { status: 422, text: "The idempotency key was used for a different request." },
  idempotency_key_running: {
    status: 409,
    text: "A request with this idempotency key is still running.",
    headers: soon,
  },
  user_session_unknown: { status: 404, text: "Session not found." },
  testimony_unknown: { status: 404, text: "Testimony not found." },
  offer_unknown: { status: 404, text: "Offer not found." },
  not_yours: unauthorized,
  region_foreign: unauthorized,
  email_taken: { status: 422, text: "The email has already been taken.", field: "email" },
  phone_taken: { status: 422, text: "The phone has already been taken.", field: "phone" },
  offer_exists: { status: 409, text: "You have already made an offer for this testimony." },
  price_refused: {
    status: 422,
    text: "The price cannot be charged.",
    say: (most) => `The price field must not be greater than ${most}.`,
    field: "price",
  },
  validity_refused: {
    status: 422,
    text: "The valid until field must be in the future, and at most 365 days from now.",
    field: "validUntil",
  },
  offer_expired: { status: 422, text: "The offer is no longer valid." },
  session_unknown: { status: 422, text: "Invalid session ID or payment not completed." },
  session_foreign: { status: 422, text: "Invalid session ID or payment not completed.", code: "session_unknown" },
  session_used: { status: 422, text: "Invalid session ID or payment not completed." },
  session_expired: { status: 422, text: "Invalid session ID or payment not completed." },
  session_mismatch: { status: 422, text: "Invalid session ID or payment not completed." },
  payment_incomplete: { status: 422, text: "Invalid session ID or payment not completed." },
  payment_processing: { status: 422, text: "Invalid session ID or payment not completed." },
  payment_failed: { status: 422, text: "Invalid session ID or payment not completed." },
  payment_returned: { status: 422, text: "The payment was refunded or is disputed." },
  offer_unavailable: { status: 409, text: "The offer is no longer available." },
  state_wrong: { status: 409, text: "The testimony is not in a state that allows this action." },
  payment_in_progress: { status: 409, text: "A payment for this offer is in progress.", headers: soon },
  payout_account_refused: {
    status: 422,
    text: "The payout account could not be opened.",
    say: (detail) => `The payout account could not be opened: ${detail}`,
  },
  // Only an operator gets this refusal.
  amount_exceeds_charge: unexpected,
  stripe_refused: unexpected,
  stripe_unavailable: unexpected,
  busy: { status: 503, text: "Service unavailable. Please try again.", headers: soon },
  ...foreignRefusals(["tokens", "webhooks", "payments", "transfers", "operator"], unexpected),
};

/** The offers contract's words for all request errors. */
export const offersRequestErrors: Dialect["requestErrors"] = {
  unauthenticated,
  rate_limited: tooMany,
  path_unknown: { status: 404, text: "Not found." },
  method_wrong: { status: 405, text: "The method is not supported for this route." },
  body_too_large: { status: 413, text: "The request body is too large." },
  media_type_wrong: { status: 415, text: "The request body must be JSON." },
  body_encoded: { status: 415, text: "The request body must have no Content-Encoding." },
  body_malformed: { status: 400, text: "The request body is not a valid JSON object." },
  input_invalid: { status: 422, text: "The given data was invalid." },
  idempotency_key_invalid: {
    status: 400,
    text: "The Idempotency-Key header must be 1 to 128 printable characters.",
  },
  failed: unexpected,
  unavailable: { status: 503, text: "Service unavailable. Please try again.", headers: { "Retry-After": "10" } },
};

/** The offers contract's adapter: `{message}`, with `errors` if inputs are named. */
export const offersDialect: Dialect<OffersCallers> = {
  name: "offers",
  refusals: offersRefusals,
  requestErrors: offersRequestErrors,
  explain,
  envelope: ({ text }, errors) => ({
    mediaType: "application/json",
    members: errors === undefined ? { message: text } : { message: text, errors },
  }),
  documented: documented(() => {
    const named = {
      code: z.string().meta({ description: "Stable name of the error, for machines.", example: "phone_taken" }),
      requestId: z.string().meta({ description: "The value of the Request-Id header." }),
    };
    const plain = z.strictObject({ message: z.string(), ...named }).meta({ id: "Error" });
    const errors = z.record(z.string(), z.array(z.string())).optional();
    const ofInputs = z.strictObject({ message: z.string(), errors, ...named }).meta({
      id: "ValidationError",
      description: "`message` is the first message, with the number of further ones.",
    });
    return {
      errorSchema: (status) => (status === 422 ? ofInputs : plain),
      credentials: (access) => {
        if (access === "anyone") return { security: [], errors: {} };
        if (access === "guest") return { security: [], errors: { 403: ["already_authenticated"] } };
        const isOneRole = access === "client" || access === "expert";
        return {
          security: [["bearer"]],
          errors: { 401: ["unauthenticated"], ...(isOneRole ? { 403: ["role_wrong"] } : {}) },
        };
      },
    };
  }),
  authenticate: authenticateBearer,
  callerId: (caller) => caller?.id,
  crossOrigin: true,
};
