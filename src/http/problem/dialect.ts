import { readAll } from "../../db/read-all";
import { documented } from "../described";
import type { Dialect } from "../dialect";
import { foreignRefusals } from "../foreign-refusals";
import { messageOf } from "../issue-message";
import { problemMediaType, problemMembers, problemSchema } from "./problem";

const unexpected = { status: 500, text: "An unexpected error occurred." } as const;
const unavailable = { status: 503, text: "Not available at the moment.", headers: { "Retry-After": "10" } } as const;
const conflict = { status: 409, text: "It is not in a state that allows this." } as const;

/** The words for refusals on routes that belong to no contract. */
const problemRefusals: Dialect["refusals"] = {
  ...foreignRefusals(["offers", "payments", "transfers"], unexpected),
  role_wrong: { status: 403, text: "The caller's role does not allow this." },
  scope_missing: {
    status: 403,
    text: "The token lacks a scope.",
    say: (scope) => `The token lacks the scope ${scope}.`,
  },
  quota_exceeded: { status: 429, text: "The caller's quota is used up." },
  idempotency_key_reused: { status: 422, text: "The idempotency key was used for a different request." },
  idempotency_key_running: {
    status: 409,
    text: "A request with this idempotency key is still running.",
    headers: { "Retry-After": "1" },
  },
  user_unknown: { status: 404, text: "No such user." },
  user_session_unknown: { status: 404, text: "No such session." },
  money_underway: { ...conflict, text: "The user's money is not at rest: see `waiting`." },
  testimony_unknown: { status: 404, text: "No such testimony." },
  endpoint_unknown: { status: 404, text: "No such webhook endpoint." },
  delivery_unknown: { status: 404, text: "No such delivery." },
  event_unknown: { status: 404, text: "No such event." },
  not_yours: { status: 403, text: "It belongs to somebody else." },
  amount_exceeds_charge: {
    status: 422,
    text: "The amount is above what is owed, or what the charge still holds.",
    field: "amount",
  },
  event_erased: { status: 409, text: "The event's data was erased." },
  event_shared: { status: 409, text: "The event is another party's, too." },
  tokens_full: { status: 409, text: "Too many of the developer's tokens are live." },
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
  account_foreign: { status: 404, text: "No such connected account." },
  payment_unknown: { status: 404, text: "No such payment." },
  developer_exists: { status: 409, text: "There is a developer with this e-mail already." },
  amount_exceeds_refundable: { status: 422, text: "The amount is above what can be given back.", field: "amount" },
  amount_refused: { status: 422, text: "This amount cannot be given back.", say: (detail) => detail, field: "amount" },
  nothing_refundable: { ...conflict, text: "Nothing of the payment can be given back." },
  account_gone: { ...conflict, text: "The payment's account is gone at Stripe." },
  payment_uncertain: {
    ...conflict,
    text: "The outcome of an earlier call to Stripe is not known yet.",
    headers: { "Retry-After": "10" },
  },
  webhook_not_failed: { ...conflict, text: "It has not failed." },
  day_not_over: { ...conflict, text: "The day is not over." },
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
  refunded_since: { ...conflict, text: "What is refunded has changed since you looked." },
  debit_limit_exceeded: { status: 422, text: "A wallet would be below its debit limit." },
  application_unknown: { status: 404, text: "No such application." },
  transfer_unknown: { status: 404, text: "No such transfer." },
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
  envelope: (answer, errors, asked) => ({
    mediaType: problemMediaType,
    members: { ...problemMembers(answer, asked), ...(errors && { errors }) },
  }),
  documented: documented(() => {
    const schema = problemSchema();
    return { errorSchema: () => schema, credentials: () => ({ security: [], errors: {} }) };
  }),
  async authenticate(edge, _headers, _access, reads) {
    return { ok: true, caller: undefined, rows: await readAll(edge.deps.db, reads), allowed: true };
  },
  callerId: () => undefined,
  who: () => undefined,
  crossOrigin: false,
};
