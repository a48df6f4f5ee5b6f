import { onEveryCall } from "./every-call";

/** As in once.test.ts; three times in a row outlast the SDK's own repeat, so that ours must do. */
const kinds = [
  { kind: "timeout_before", failed: { post: 1, get: 1 } },
  { kind: "500", failed: { post: 1, get: 1 } },
  { kind: "500_stored", failed: { post: 2, get: 1 } },
  { kind: "429", failed: { post: 3, get: 3 } },
  { kind: "reset", failed: { post: 1, get: 1 } },
  { kind: "timeout_after", failed: { post: 1, get: 1 } },
  { kind: "500_after", failed: { post: 1, get: 1 } },
  { kind: "truncated", failed: { post: 3, get: 3 } },
];

onEveryCall(kinds, 3);
