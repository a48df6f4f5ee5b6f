import type { Shot } from "./load.ts";

/** How much a round sends, and how quickly Stripe answers in it. */
export interface Round {
  count: number;
  concurrency: number;
  latencyMs: number;
}

/** One of the two that are compared, by the operations that both can do. */
export interface Side<O extends string> {
  /** Makes everything that a round needs and that is not measured. */
  prepare: (round: Round) => Promise<Run<O>>;
}

/** A round, operation by operation in their order. */
export interface Run<O extends string> {
  shots: (operation: O) => readonly Shot[];
  /** What must happen between this operation and the next, with what the shots were answered. */
  after?: (operation: O, bodies: readonly string[]) => Promise<void>;
}

export interface Contestant<O extends string> {
  side: Side<O>;
  /** Process group of its server. */
  group: () => number;
}
