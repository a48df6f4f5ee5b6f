import type { Deps } from "./deps";

/** Stripe allows 25 calls a second. This leaves some of them for the requests that people wait for. */
const callsPerSecond = 18;

/** The number of calls that may go at once, so that a small run never waits. */
const burst = 40;

/**
 * Returns a function that waits, before each command of a run, until the run's calls so far fit the allowed rate. It
 * uses the wall clock, as Stripe does.
 */
export function pacing(deps: Deps): () => Promise<void> {
  const begunMs = Date.now();
  const before = deps.cost.stripeCalls;
  return async () => {
    const beyond = deps.cost.stripeCalls - before - burst;
    const earlyMs = (beyond / callsPerSecond) * 1000 - (Date.now() - begunMs);
    if (earlyMs > 0) await new Promise((done) => setTimeout(done, earlyMs));
  };
}
