import type { Deps } from "./deps";

/** Stripe takes 25 calls a second; what a run leaves of them is for the requests that people wait for. */
const callsPerSecond = 18;

/** So many may go at once: a small run waits for nothing. */
const burst = 40;

/** Waits, before each command of a run, until its calls so far fit what it may ask of Stripe. By the wall's clock, as Stripe counts. */
export function pacing(deps: Deps): () => Promise<void> {
  const begunMs = Date.now();
  const before = deps.cost.stripeCalls;
  return async () => {
    const beyond = deps.cost.stripeCalls - before - burst;
    const earlyMs = (beyond / callsPerSecond) * 1000 - (Date.now() - begunMs);
    if (earlyMs > 0) await new Promise((done) => setTimeout(done, earlyMs));
  };
}
