import type { ErrorEntry } from "./entry";

/** The codes of the transfers contract, which shows them as `errorCode`. */
export const codesOfTransfers = {
  // The request itself.
  UNAUTHORIZED: {
    means: "The request has no token, or one that is not valid.",
    next: "Get a token, and send it as Authorization: Bearer.",
  },
  TOKEN_EXPIRED: { means: "The token has expired.", next: "Get another token, and send the request again." },
  UNSUPPORTED_GRANT_TYPE: {
    means: "The token endpoint knows one grant of OAuth 2, client_credentials.",
    next: "Send grant_type=client_credentials, or leave it out.",
  },
  INVALID_CREDENTIALS: {
    means: "No application has this client_id and this client_secret.",
    next: "Compare them with what registering the application answered.",
  },
  RATE_LIMIT_EXCEEDED: {
    means: "There were too many requests in a short time.",
    next: "Wait for as many seconds as Retry-After says, then send the same request again.",
    retryable: true,
  },
  METHOD_NOT_ALLOWED: {
    means: "The path exists, and takes other methods.",
    next: "Use one of the methods that the header Allow lists.",
  },
  PAYLOAD_TOO_LARGE: { means: "The body is larger than 64 KB.", next: "Send less." },
  UNSUPPORTED_MEDIA_TYPE: {
    means: "The Content-Type says that the body is not JSON.",
    next: "Send JSON, with Content-Type: application/json.",
  },
  UNSUPPORTED_CONTENT_ENCODING: {
    means: "The body has a Content-Encoding, and compressed bodies are not read.",
    next: "Send the body without a Content-Encoding.",
  },
  MALFORMED_REQUEST: {
    means: "The body is not one JSON object, or an input has the wrong type.",
    next: "Mend the inputs that the answer names.",
  },
  VALIDATION_ERROR: {
    means: "An input violates a constraint.",
    next: "Mend the inputs: each line of errors begins with the name of one.",
  },
  JWE_DECRYPTION_FAILED: {
    means: "The encrypted body could not be decrypted.",
    next: "Encrypt it for the platform's present public key.",
  },
  INTERNAL_ERROR: {
    means: "Something failed that should not. Nothing about it is the caller's fault.",
    next: "Send the same request again under the same idempotency key, and tell the operator the requestId if it stays so.",
    retryable: true,
  },
  SERVICE_UNAVAILABLE: {
    means: "Accord cannot answer at the moment, or this part of it is not set up.",
    next: "Wait for as many seconds as Retry-After says, then send the same request again under the same key.",
    retryable: true,
  },
  // The caller.
  FORBIDDEN: {
    means: "The application may not do this.",
    next: "Use the token of an administrator, or an object of the application's own.",
  },
  APPLICATION_INACTIVE: {
    means: "The application is not admitted yet, or was deactivated.",
    next: "Ask the operator to admit it.",
  },
  NOT_TAG_OWNER: {
    means: "The sender's tag belongs to another application.",
    next: "Send from a tag of the application's own.",
  },
  NOT_SENDER: {
    means: "The application did not send the transaction.",
    next: "Use the sending application's token.",
  },
  NOT_RECEIVER: {
    means: "Only the receiving application decides about a transaction.",
    next: "Wait for the receiver's decision.",
  },
  // The object that the request names.
  SUBJECT_NOT_FOUND: {
    means: "The application has no such subject.",
    next: "List the subjects, and use an id from there.",
  },
  TAG_NOT_FOUND: { means: "There is no such tag.", next: "Resolve the tag first, and ask the person to spell it." },
  TRANSACTION_NOT_FOUND: {
    means: "There is no such transaction, or the application has no part in it.",
    next: "Compare the reference with the one that initiating answered.",
  },
  WALLET_NOT_FOUND: {
    means: "The application has no wallet in this currency yet.",
    next: "Provision the wallet, or wait for the first transfer.",
  },
  SETTLEMENT_NOT_FOUND: { means: "There is no such settlement.", next: "List the settlements." },
  WEBHOOK_NOT_FOUND: {
    means: "There is no such webhook of the application.",
    next: "List the webhooks, and use a transaction from there.",
  },
  // Values that must be unique.
  SECRET_NOT_FOUND: {
    means: "No earlier client secret of the application that is still valid has this prefix.",
    next: "View the application, and use a prefix from there that has an end.",
  },
  TOO_MANY_SECRETS: {
    means: "Five secrets of this kind are valid already.",
    next: "Wait until one ends, or end them all with an overlapHours of 0.",
    retryable: true,
  },
  DUPLICATE_APP_HANDLE: { means: "Another application has this handle.", next: "Choose another handle." },
  DUPLICATE_SUBJECT: {
    means: "The application has a subject with this externalId.",
    next: "Find that subject in the list.",
  },
  DUPLICATE_TRANSACTION: {
    means: "The application has a transaction with this externalId.",
    next: "View the transaction whose reference the message names.",
  },
  DUPLICATE_TAG: { means: "The application has this tag already.", next: "Choose another tag." },
  AMBIGUOUS_TAG: {
    means: "Several applications have this tag.",
    next: "Write it with its application: tag@appHandle.",
  },
  // A repeated request.
  IDEMPOTENCY_KEY_CONFLICT: {
    means: "The idempotency key was used before, for a request with other content.",
    next: "Send the request under a key of its own.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    means: "A request with this idempotency key has not ended yet.",
    next: "Wait a second, then send the same request again under the same key to get its answer.",
    retryable: true,
  },
  // The terms of a transfer, and the object's state.
  CONFLICT: {
    means: "Another request changed the object at the same time.",
    next: "Read the object again, and decide by its present state.",
  },
  SELF_TRANSFER_NOT_ALLOWED: {
    means: "Sender and receiver are the same tag.",
    next: "Name another receiver.",
  },
  UNSUPPORTED_CURRENCY: {
    means: "The currency is not one that can be transferred.",
    next: "Use a currency of ISO 4217 that is in use.",
  },
  INVALID_TRANSACTION_STATE: {
    means: "The transaction was decided already.",
    next: "Read the transaction to see how it ended.",
  },
  TRANSACTION_EXPIRED: {
    means: "Nobody decided about the transaction in time.",
    next: "Ask the sender to initiate another one.",
  },
  DEBIT_LIMIT_EXCEEDED: {
    means: "The sender's wallet would be below its debit limit.",
    next: "Accept it again after money has come in, or ask the operator for a higher limit.",
    retryable: true,
  },
  WALLET_LIMIT_EXCEEDED: {
    means: "The wallet would hold more than can be counted exactly.",
    next: "Transfer less.",
  },
  INVALID_WEBHOOK_STATE: {
    means: "The webhook has not failed.",
    next: "Wait: it is still tried, or has arrived.",
  },
} as const satisfies Record<string, ErrorEntry>;
