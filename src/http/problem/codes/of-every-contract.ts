import type { ErrorEntry } from "./entry";

/** The codes of the contracts for offers and payments, and of everything that belongs to no contract. */
export const codesOfEveryContract = {
  // The request itself.
  unauthenticated: {
    means: "The request has no credential, or one that is not known here any more.",
    next: "Send a valid credential.",
  },
  rate_limited: {
    means: "There were too many requests in a short time.",
    next: "Wait for as many seconds as Retry-After says, then send the same request again.",
    retryable: true,
  },
  path_unknown: {
    means: "The API has nothing at this path.",
    next: "Compare the address with the API's description.",
  },
  method_wrong: {
    means: "The path exists, and takes other methods.",
    next: "Use one of the methods that the header Allow lists.",
  },
  body_too_large: {
    means: "The body is larger than the operation takes: 64 KB, or 512 KB for an event of Stripe's.",
    next: "Send less.",
  },
  media_type_wrong: {
    means: "The Content-Type says that the body is not JSON.",
    next: "Send JSON, with Content-Type: application/json.",
  },
  body_encoded: {
    means: "The body has a Content-Encoding, and compressed bodies are not read.",
    next: "Send the body without a Content-Encoding.",
  },
  body_malformed: {
    means: "The body is not one valid JSON object in UTF-8.",
    next: "Mend the body.",
  },
  input_invalid: {
    means: "A member of the body, a parameter, or a name in the path is unknown, missing or not valid.",
    next: "Mend the inputs that the answer names.",
  },
  idempotency_key_invalid: {
    means: "The Idempotency-Key is not 1 to 128 printable characters.",
    next: "Send another key, such as a UUID.",
  },
  failed: {
    means: "Something failed that should not. Nothing about it is the caller's fault.",
    next: "Send the same request again under the same Idempotency-Key, and tell the operator the requestId if it stays so.",
    retryable: true,
  },
  unavailable: {
    means: "Accord cannot answer at the moment.",
    next: "Wait for as many seconds as Retry-After says, then send the same request again under the same key.",
    retryable: true,
  },
  // The caller.
  role_wrong: {
    means: "The caller is known, and its role does not allow this.",
    next: "Use the credential of a caller with the right role.",
  },
  scope_missing: {
    means: "The token is valid, and does not hold the scope that the answer names.",
    next: "Use a token with that scope, or make one with a token that has it.",
  },
  not_yours: {
    means: "The object belongs to somebody else.",
    next: "Use an object of the caller's own.",
  },
  // A repeated request.
  idempotency_key_reused: {
    means: "The Idempotency-Key was used before, for a request with other content.",
    next: "Send the request under a key of its own.",
  },
  idempotency_key_running: {
    means: "A request with this Idempotency-Key has not ended yet.",
    next: "Wait a second, then send the same request again under the same key to get its answer.",
    retryable: true,
  },
  // The state of things.
  state_wrong: {
    means: "The object is not in a state that allows this.",
    next: "Read the object again, and decide by its present state.",
  },
  stripe_refused: {
    means: "Stripe refused what the request needs of it.",
    next: "Read what the answer says; the operator finds Stripe's whole answer by the requestId in the log.",
  },
  stripe_unavailable: {
    means: "Stripe does not answer, so the outcome of a call is not known yet. Accord goes on asking by itself.",
    next: "Send the same request again later under the same Idempotency-Key.",
    retryable: true,
  },
  busy: {
    means: "The work was interrupted, or too much is waiting for the same object.",
    next: "Wait a second, then send the same request again under the same Idempotency-Key.",
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
