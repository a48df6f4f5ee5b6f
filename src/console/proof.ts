import { useState } from "preact/hooks";
import { aheadMs, isSandbox, pulseFailure } from "./pulse";
import { type Resource, useResource } from "./resource";

/** A reading that runs by itself in the sandbox only, because it reads everything; elsewhere at a click. */
export function useProof<T>(key: string, read: () => Promise<T>, { byItself = true } = {}) {
  const [asked, setAsked] = useState(0);
  const runs = (byItself && isSandbox.value === true) || asked > 0;
  const isKnown = isSandbox.value !== undefined || pulseFailure.value !== undefined || runs;
  const start = async () => (runs ? { result: await read(), at: Date.now() + aheadMs.value } : null);
  // Until it is known where this is, nothing is said of whether it was asked.
  const proof = useResource(`${key} ${runs} ${asked} ${isKnown}`, () => (isKnown ? start() : new Promise(() => {})), {
    live: byItself && isSandbox.value === true,
  });
  return { proof: proof as Resource<{ result: T; at: number } | null>, run: () => setAsked(asked + 1) };
}
