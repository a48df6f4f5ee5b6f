import type { Shot } from "./load.ts";

/** The number of requests of a round, and Stripe's latency in it. */
export interface Round {
  count: number;
  concurrency: number;
  latencyMs: number;
}

/** One of the two sides that are compared, with the operations that both can do. */
export interface Side<O extends string> {
  /** Makes everything that a round needs and that is not measured. */
  prepare: (round: Round) => Promise<Run<O>>;
}

/** A round: the operations in their order. */
export interface Run<O extends string> {
  shots: (operation: O) => readonly Shot[];
  /** Does what must happen between this operation and the next, with the answers to the shots. */
  after?: (operation: O, bodies: readonly string[]) => Promise<void>;
}

export interface Contestant<O extends string> {
  side: Side<O>;
  /** The process group of its server. */
  group: () => number;
}
