/** A kind of fault, and how many answers a client sees fail before one succeeds: at a POST, and at a GET. */
export interface Broken {
  kind: string;
  failed: { post: number; get: number };
}

/**
 * One fault in a row. The SDK repeats once under the same key, but neither after a 429 nor after an answer that was cut
 * short; and a stored 500 is repeated under its key until Stripe was asked what exists.
 */
export const once: readonly Broken[] = [
  { kind: "timeout_before", failed: { post: 0, get: 0 } },
  { kind: "500", failed: { post: 0, get: 0 } },
  { kind: "500_stored", failed: { post: 1, get: 0 } },
  { kind: "429", failed: { post: 1, get: 1 } },
  { kind: "reset", failed: { post: 0, get: 0 } },
  { kind: "timeout_after", failed: { post: 0, get: 0 } },
  { kind: "500_after", failed: { post: 1, get: 0 } },
  { kind: "truncated", failed: { post: 1, get: 1 } },
];

/** Three in a row outlast the SDK's own repeat, so that ours is needed. */
export const thrice: readonly Broken[] = [
  { kind: "timeout_before", failed: { post: 1, get: 1 } },
  { kind: "500", failed: { post: 1, get: 1 } },
  { kind: "500_stored", failed: { post: 2, get: 1 } },
  { kind: "429", failed: { post: 3, get: 3 } },
  { kind: "reset", failed: { post: 1, get: 1 } },
  { kind: "timeout_after", failed: { post: 1, get: 1 } },
  { kind: "500_after", failed: { post: 1, get: 1 } },
  { kind: "truncated", failed: { post: 3, get: 3 } },
];

/** A look-up is a GET, for which it does not matter whether an answer was stored or work done. */
export const lookUpKinds = ["timeout_before", "500", "429", "reset", "truncated"] as const;
