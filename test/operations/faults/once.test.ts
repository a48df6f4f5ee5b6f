import { onEveryCall } from "./every-call";

/**
 * How many answers a client sees fail before the one that succeeds, where the fault hits a POST and where it hits a GET.
 * The SDK repeats once under the same key, but neither a 429 nor an answer that was cut short; and a stored 500 comes back
 * under its key until Stripe was asked what exists.
 */
const kinds = [
  { kind: "timeout_before", failed: { post: 0, get: 0 } },
  { kind: "500", failed: { post: 0, get: 0 } },
  { kind: "500_stored", failed: { post: 1, get: 0 } },
  { kind: "429", failed: { post: 1, get: 1 } },
  { kind: "reset", failed: { post: 0, get: 0 } },
  { kind: "timeout_after", failed: { post: 0, get: 0 } },
  { kind: "500_after", failed: { post: 1, get: 0 } },
  { kind: "truncated", failed: { post: 1, get: 1 } },
];

onEveryCall(kinds, 1);
