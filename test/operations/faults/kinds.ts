/** A kind of fault, and how many answers a client sees fail before the one that succeeds: at a POST, and at a GET. */
export interface Broken {
  kind: string;
  failed: { post: number; get: number };
}

/**
 * Once in a row. The SDK repeats once under the same key, but neither a 429 nor an answer that was cut short; and a stored
 * 500 comes back under its key until Stripe was asked what exists.
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

/** Three times in a row outlast the SDK's own repeat, so that ours must do. */
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

/** A look-up is a GET: stored or not, done or not, makes no difference to it. */
export const lookUpKinds = ["timeout_before", "500", "429", "reset", "truncated"] as const;
