import * as z from "zod";
import { documented } from "../described";
import type { Dialect, Errors } from "../dialect";
import { foreignRefusals } from "../foreign-refusals";
import { authenticateApplication, forbidden, subjectOf, type TransfersCallers, tooMany, unauthorized } from "./auth";
import { explain } from "./issue-messages";
import { openBody } from "./open-body";

const unexpected = { status: 500, code: "INTERNAL_ERROR", text: "An unexpected error occurred" } as const;
const unavailable = {
  status: 503,
  code: "SERVICE_UNAVAILABLE",
  text: "Service unavailable, please try again",
} as const;
const soon = { "Retry-After": "1" };

/** The transfers contract's words for all refusals, in the order of its tables. */
const transfersRefusals: Dialect["refusals"] = {
  role_wrong: forbidden,
  not_yours: forbidden,
  tag_foreign: { status: 403, code: "NOT_TAG_OWNER", text: "The sender tag belongs to another application" },
  not_receiver: { status: 403, code: "NOT_RECEIVER", text: "Only the receiving application may do this" },
  not_sender: { status: 403, code: "NOT_SENDER", text: "Only the sending application may do this" },
  // Neither can be: an application that asks is there, and a path that no route has is no contract's.
  application_unknown: unexpected,
  subject_unknown: { status: 404, code: "SUBJECT_NOT_FOUND", text: "Subject not found" },
  tag_unknown: {
    status: 404,
    code: "TAG_NOT_FOUND",
    text: "Tag not found",
    say: (member) => `Tag not found: ${member}`,
  },
  transfer_unknown: { status: 404, code: "TRANSACTION_NOT_FOUND", text: "Transaction not found" },
  wallet_unknown: { status: 404, code: "WALLET_NOT_FOUND", text: "Wallet not found" },
  settlement_unknown: { status: 404, code: "SETTLEMENT_NOT_FOUND", text: "Settlement not found" },
  webhook_unknown: { status: 404, code: "WEBHOOK_NOT_FOUND", text: "Webhook not found" },
  secret_unknown: { status: 404, code: "SECRET_NOT_FOUND", text: "No earlier secret that is valid has this prefix" },
  handle_taken: { status: 409, code: "DUPLICATE_APP_HANDLE", text: "The appHandle is taken" },
  subject_exists: { status: 409, code: "DUPLICATE_SUBJECT", text: "There is a subject with this externalId already" },
  tag_exists: { status: 409, code: "DUPLICATE_TAG", text: "There is such a tag already" },
  transfer_exists: {
    status: 409,
    code: "DUPLICATE_TRANSACTION",
    text: "There is a transaction with this externalId already",
    say: (reference) => `There is a transaction with this externalId already: ${reference}`,
  },
  tag_ambiguous: {
    status: 409,
    code: "AMBIGUOUS_TAG",
    text: "More than one application has this tag: write it as tag@appHandle",
  },
  idempotency_key_reused: {
    status: 409,
    code: "IDEMPOTENCY_KEY_CONFLICT",
    text: "The idempotency key was used for a different request",
  },
  idempotency_key_running: {
    status: 409,
    code: "IDEMPOTENCY_IN_PROGRESS",
    text: "A request with this idempotency key is still running",
    headers: soon,
  },
  state_wrong: { status: 409, code: "CONFLICT", text: "It was changed meanwhile, please try again" },
  self_transfer: { status: 422, code: "SELF_TRANSFER_NOT_ALLOWED", text: "Sender and receiver are the same tag" },
  currency_unsupported: { status: 422, code: "UNSUPPORTED_CURRENCY", text: "The currency is not supported" },
  transfer_resolved: {
    status: 422,
    code: "INVALID_TRANSACTION_STATE",
    text: "The transaction is not awaiting acceptance",
    say: (state) => `The transaction is ${state} already`,
  },
  transfer_expired: { status: 422, code: "TRANSACTION_EXPIRED", text: "The transaction has expired" },
  debit_limit_exceeded: {
    status: 422,
    code: "DEBIT_LIMIT_EXCEEDED",
    text: "The sender's wallet would be below its debit limit",
  },
  wallet_limit_exceeded: { status: 422, code: "WALLET_LIMIT_EXCEEDED", text: "A wallet cannot hold so much" },
  webhook_not_failed: { status: 422, code: "INVALID_WEBHOOK_STATE", text: "The webhook has not failed" },
  day_not_over: { status: 400, code: "VALIDATION_ERROR", text: "date must be before today (UTC)", field: "date" },
  stripe_refused: unexpected,
  stripe_unavailable: unexpected,
  busy: { ...unavailable, headers: soon },
  ...foreignRefusals(["tokens", "webhooks", "offers", "payments", "operator"], unexpected),
  // Applications' secrets have successors like those of webhook endpoints.
  secrets_full: {
    status: 409,
    code: "TOO_MANY_SECRETS",
    text: "Five secrets are valid already: wait until one ends, or end them all with an overlapHours of 0",
  },
};

/** The transfers contract's words for all request errors. */
const transfersRequestErrors: Dialect["requestErrors"] = {
  unauthenticated: unauthorized,
  rate_limited: tooMany,
  path_unknown: unexpected,
  method_wrong: { status: 405, code: "METHOD_NOT_ALLOWED", text: "Method not allowed" },
  body_too_large: { status: 413, code: "PAYLOAD_TOO_LARGE", text: "The request body is too large" },
  media_type_wrong: { status: 415, code: "UNSUPPORTED_MEDIA_TYPE", text: "The request body must be JSON" },
  body_encoded: {
    status: 415,
    code: "UNSUPPORTED_CONTENT_ENCODING",
    text: "The request body must have no Content-Encoding",
  },
  body_malformed: { status: 400, code: "MALFORMED_REQUEST", text: "Malformed request" },
  input_invalid: { status: 400, code: "VALIDATION_ERROR", text: "Validation failed" },
  idempotency_key_invalid: {
    status: 400,
    code: "VALIDATION_ERROR",
    text: "Idempotency-Key must be 1 to 128 printable characters",
    field: "Idempotency-Key",
  },
  failed: unexpected,
  unavailable: { ...unavailable, headers: { "Retry-After": "10" } },
};

/** The transfers contract's adapter: one envelope for successes and errors. */
export const transfersDialect: Dialect<TransfersCallers> = {
  name: "transfers",
  refusals: transfersRefusals,
  requestErrors: transfersRequestErrors,
  explain,
  envelope: ({ text, code }, errors, { atMs }) => ({
    mediaType: "application/json",
    members: {
      success: false,
      // Only the lines say what is wrong with which field.
      message: code === "VALIDATION_ERROR" ? transfersRequestErrors.input_invalid.text : text,
      errorCode: code,
      ...(errors === undefined ? {} : { errors: linesOf(errors) }),
      timestamp: new Date(atMs).toISOString(),
    },
  }),
  namesErrors: true,
  keepsExponents: true,
  open: openBody,
  documented: documented(() => {
    const error = z
      .strictObject({
        success: z.literal(false),
        message: z.string(),
        errorCode: z.string().meta({ description: "Stable name of the error.", example: "TAG_NOT_FOUND" }),
        errors: z
          .array(z.string())
          .optional()
          .meta({ description: "One line for each violated constraint, beginning with the field." }),
        timestamp: z.iso.datetime(),
        requestId: z.string().meta({ description: "The value of the Request-Id header." }),
      })
      .meta({ id: "TransfersError", description: "Members that would be null are left out." });
    const ofToken = { 401: ["UNAUTHORIZED", "TOKEN_EXPIRED"], 403: ["APPLICATION_INACTIVE"] } as const;
    return {
      errorSchema: () => error,
      encryptedBodies: { 400: ["JWE_DECRYPTION_FAILED"] },
      credentials: (access) => {
        if (access === "anyone") return { security: [], errors: {} };
        const ofRole = access === "administrator" ? { 403: [...ofToken[403], "FORBIDDEN"] as const } : {};
        return { security: [["applicationToken"]], errors: { ...ofToken, ...ofRole } };
      },
    };
  }),
  subject: subjectOf,
  authenticate: authenticateApplication,
  callerId: (caller) => caller?.id,
  crossOrigin: false,
};

/** Makes the lines "<field> <constraint>" of the contract. */
function linesOf(errors: Errors): string[] {
  return Object.entries(errors).flatMap(([field, texts]) =>
    texts.map((text) => (text.startsWith(`${field} `) ? text : `${field} ${text}`)),
  );
}
