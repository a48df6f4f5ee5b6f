import { readAll } from "../../db/read-all";
import type { Dialect, Issue } from "../dialect";
import { blank } from "../exact-json";
import { problemMediaType, problemMembers, problemSchema } from "./problem";

const unexpected = { status: 500, text: "An unexpected error occurred." } as const;
const unavailable = { status: 503, text: "Not available at the moment.", headers: { "Retry-After": "10" } } as const;
const conflict = { status: 409, text: "It is not in a state that allows this." } as const;

/** The words for refusals on routes that belong to no contract. */
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
  price_refused: { status: 422, text: "The price cannot be charged.", field: "price" },
  session_unknown: { status: 422, text: "No such session." },
  session_foreign: { status: 422, text: "No such session.", code: "session_unknown" },
  session_used: { status: 422, text: "The session was used." },
  session_expired: { status: 422, text: "The session has expired." },
  session_mismatch: { status: 422, text: "The session is not the one that was opened." },
  payment_incomplete: { status: 422, text: "The payment is not complete." },
  payment_processing: { status: 422, text: "The payment is being processed." },
  payment_failed: { status: 422, text: "The payment failed." },
  payment_returned: { status: 422, text: "The payment was refunded or is disputed." },
  offer_unavailable: { status: 409, text: "The offer is no longer available." },
  amount_exceeds_charge: {
    status: 422,
    text: "The amount is above what is owed, or what the charge still holds.",
    field: "amount",
  },
  event_erased: { status: 409, text: "The event's data was erased." },
  event_shared: { status: 409, text: "The event is another party's, too." },
  secrets_full: {
    status: 409,
    text: "Five secrets sign already: wait until one ends, or end them all with an overlap of 0 hours.",
  },
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
  currency_refused: { status: 422, text: "The currency cannot be charged on the account.", field: "currency" },
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
  account_gone: { status: 409, text: "The account is gone at Stripe." },
  method_gone: { status: 409, text: "The payment method is gone at Stripe." },
  mandate_required: { status: 422, text: "The bank account may be debited only with a mandate." },
  payout_account_refused: { status: 422, text: "Stripe does not open this payout account." },
  id_unknown: { status: 404, text: "Nothing that is known here has this id." },
  call_unknown: { status: 404, text: "No such call at Stripe." },
  object_mismatch: {
    status: 422,
    text: "The object is not what the call asked for.",
    field: "object_id",
    say: (detail) => `The object is not what the call asked for: ${detail}`,
  },
  opening_refused: {
    status: 409,
    text: "The books cannot be opened with this balance.",
    say: (detail) => `The books cannot be opened with this balance: ${detail}`,
  },
  too_early: {
    status: 409,
    text: "Stripe may still make the call.",
    say: (detail) => `Stripe may still make the call: ${detail}`,
  },
  card_declined: { status: 402, text: "The card was declined." },
  method_refused: { status: 422, text: "Stripe does not take this payment method." },
  application_unknown: { status: 404, text: "No such application." },
  subject_unknown: { status: 404, text: "No such subject." },
  tag_foreign: { status: 403, text: "The tag belongs to another application." },
  tag_unknown: { status: 404, text: "No such tag." },
  tag_ambiguous: { status: 409, text: "Several applications have this tag." },
  transfer_unknown: { status: 404, text: "No such transfer." },
  not_receiver: { status: 403, text: "Only the receiver decides about a transfer." },
  wallet_unknown: { status: 404, text: "No such wallet." },
  settlement_unknown: { status: 404, text: "No such settlement." },
  webhook_unknown: { status: 404, text: "No such webhook." },
  handle_taken: { status: 409, text: "The handle is taken." },
  subject_exists: { status: 409, text: "There is a subject with this external id already." },
  tag_exists: { status: 409, text: "There is such a tag already." },
  self_transfer: { status: 422, text: "A tag cannot pay itself." },
  currency_unsupported: { status: 422, text: "The currency is not one of ISO 4217." },
  transfer_resolved: { status: 422, text: "The transfer is resolved." },
  transfer_expired: { status: 422, text: "The transfer has expired." },
  webhook_not_failed: { status: 422, text: "The webhook has not failed." },
  day_not_over: { status: 422, text: "The day is not over." },
  debit_limit_exceeded: { status: 422, text: "A wallet would be below its debit limit." },
  wallet_limit_exceeded: { status: 422, text: "A wallet cannot hold so much." },
};

export const problemRequestErrors: Dialect["requestErrors"] = {
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
  body_encoded: { status: 415, text: "The request body must have no Content-Encoding." },
  body_malformed: { status: 400, text: "The request body is not a valid JSON object." },
  input_invalid: { status: 422, text: "The input is not valid." },
  idempotency_key_invalid: { status: 400, text: "The Idempotency-Key header must be 1 to 128 printable characters." },
  failed: unexpected,
  unavailable,
};

/** The adapter of everything that belongs to no contract (RFC 9457): unknown paths, the webhook, the description. */
export const problemDialect: Dialect<{ anyone: undefined }> = {
  name: "problem",
  refusals: problemRefusals,
  requestErrors: problemRequestErrors,
  explain: (issues) => ({
    text: issues[0] ? `${issues[0].path.join(".")}: ${messageOf(issues[0])}` : "",
    errors: Object.fromEntries(issues.map((issue) => [issue.path.join("."), [messageOf(issue)]])),
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

function messageOf({ code, input, message }: Issue): string {
  if (code === "unrecognized_keys") return "is unknown";
  return input === blank ? "must not be empty" : message;
}
