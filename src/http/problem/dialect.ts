import { readAll } from "../../db/tokens";
import type { Dialect } from "../dialect";
import { problemMediaType, problemMembers, problemSchema } from "./problem";

const unexpected = { status: 500, text: "An unexpected error occurred." } as const;
const unavailable = { status: 503, text: "Not available at the moment.", headers: { "Retry-After": "10" } } as const;
const conflict = { status: 409, text: "It is not in a state that allows this." } as const;

/** What operations refuse, in the words of routes that belong to no contract. */
const problemRefusals: Dialect["refusals"] = {
  credentials_wrong: { status: 401, text: "The credentials are wrong." },
  role_wrong: { status: 403, text: "The caller's role does not allow this." },
  idempotency_key_reused: { status: 422, text: "The idempotency key was used for a different request." },
  idempotency_key_running: {
    status: 409,
    text: "A request with this idempotency key is still running.",
    headers: { "Retry-After": "1" },
  },
  testimony_unknown: { status: 404, text: "No such testimony." },
  offer_unknown: { status: 404, text: "No such offer." },
  endpoint_unknown: { status: 404, text: "No such webhook endpoint." },
  delivery_unknown: { status: 404, text: "No such delivery." },
  event_unknown: { status: 404, text: "No such event." },
  not_yours: { status: 403, text: "It belongs to somebody else." },
  region_foreign: { status: 403, text: "It belongs to another region." },
  email_taken: { status: 422, text: "The e-mail is taken.", field: "email" },
  phone_taken: { status: 422, text: "The phone is taken.", field: "phone" },
  offer_exists: { status: 409, text: "There is a live offer already." },
  session_unknown: { status: 422, text: "No such session." },
  session_foreign: { status: 422, text: "No such session.", code: "session_unknown" },
  session_used: { status: 422, text: "The session was used." },
  session_expired: { status: 422, text: "The session has expired." },
  session_mismatch: { status: 422, text: "The session is not the one that was opened." },
  payment_incomplete: { status: 422, text: "The payment is not complete." },
  payment_processing: { status: 422, text: "The payment is being processed." },
  payment_failed: { status: 422, text: "The payment failed." },
  offer_unavailable: { status: 409, text: "The offer is no longer available." },
  event_erased: { status: 409, text: "The event's data was erased." },
  state_wrong: conflict,
  payment_in_progress: { ...conflict, text: "A payment is in progress.", headers: { "Retry-After": "1" } },
  stripe_refused: unexpected,
  stripe_unavailable: { ...unavailable, text: "Stripe does not answer." },
  busy: { ...unavailable, headers: { "Retry-After": "1" } },
  developer_unknown: { status: 404, text: "No such developer." },
  token_unknown: { status: 404, text: "No such token." },
  app_unknown: { status: 404, text: "No such app." },
  account_foreign: { status: 404, text: "No such connected account." },
  order_unknown: { status: 404, text: "No such order." },
  payment_unknown: { status: 404, text: "No such payment." },
  refund_unknown: { status: 404, text: "No such refund." },
  method_unknown: { status: 404, text: "No such payment method." },
  developer_exists: { status: 409, text: "There is a developer with this e-mail already." },
  user_exists: { status: 409, text: "There is a user with this external id already." },
  account_exists: { status: 409, text: "There is an account with this e-mail already." },
  terms_missing: { status: 422, text: "The order has no terms, and the request names none." },
  terms_differ: { status: 422, text: "The terms are not those of the order." },
  order_cancelled: { status: 409, text: "The order is cancelled." },
  payment_exists: { status: 409, text: "There is a live payment already." },
  amount_refused: { status: 422, text: "The amount cannot be charged.", field: "amount" },
  payment_uncertain: {
    status: 409,
    text: "What became of the last call at Stripe is not known yet.",
    headers: { "Retry-After": "10" },
  },
  authorization_expired: { status: 409, text: "The authorisation has ended." },
  amount_exceeds_authorization: { status: 422, text: "The amount is above what was authorised.", field: "amount" },
  nothing_refundable: { status: 409, text: "Nothing can be given back." },
  amount_exceeds_refundable: { status: 422, text: "The amount is above what can be given back.", field: "amount" },
  onboarding_incomplete: { status: 409, text: "The account has not completed its onboarding." },
  account_in_use: { status: 409, text: "Payments on the account are still open." },
  card_declined: { status: 402, text: "The card was declined." },
  method_refused: { status: 422, text: "Stripe does not take this payment method." },
};

export const problemFaults: Dialect["faults"] = {
  unauthenticated: {
    status: 401,
    text: "A valid bearer token is needed.",
    headers: { "WWW-Authenticate": "Bearer" },
  },
  rate_limited: { status: 429, text: "Too many requests.", headers: { "Retry-After": "60" } },
  path_unknown: { status: 404, text: "There is nothing at this path." },
  method_wrong: { status: 405, text: "This path does not take that method." },
  body_too_large: { status: 413, text: "The request body is too large." },
  media_type_wrong: { status: 415, text: "The request body must be JSON." },
  body_malformed: { status: 400, text: "The request body is not a valid JSON object." },
  input_invalid: { status: 422, text: "The input is not valid." },
  idempotency_key_invalid: { status: 400, text: "The Idempotency-Key header must be 1 to 128 printable characters." },
  failed: unexpected,
  unavailable,
};

/** RFC 9457 for everything that belongs to no contract: unknown paths, the webhook, the description (decisions X3). */
export const problemDialect: Dialect<{ anyone: undefined }> = {
  name: "problem",
  refusals: problemRefusals,
  faults: problemFaults,
  explain: (issues) => ({
    text: issues[0] ? `${issues[0].path.join(".")}: ${issues[0].message}` : "",
    errors: Object.fromEntries(issues.map((issue) => [issue.path.join("."), [issue.message]])),
  }),
  envelope: (answer, errors) => ({
    mediaType: problemMediaType,
    members: errors === undefined ? problemMembers(answer) : { ...problemMembers(answer), errors },
  }),
  errorSchema: () => problemSchema,
  async authenticate(edge, _headers, _access, reads) {
    return { ok: true, caller: undefined, rows: await readAll(edge.deps.db, reads), allowed: true };
  },
  credentials: () => ({ security: [], statuses: [] }),
  callerId: () => undefined,
  crossOrigin: false,
};
