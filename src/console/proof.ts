import { useState } from "preact/hooks";
import { aheadMs, isSandbox } from "./pulse";
import { useResource } from "./resource";

/** A reading that runs by itself in the sandbox only, because it reads everything; elsewhere at a click. */
export function useProof<T>(key: string, read: () => Promise<T>, { byItself = true } = {}) {
  const [asked, setAsked] = useState(0);
  const runs = (byItself && isSandbox.value === true) || asked > 0;
  const proof = useResource(
    `${key} ${runs} ${asked}`,
    async () => (runs ? { result: await read(), at: Date.now() + aheadMs.value } : null),
    {
      live: byItself && isSandbox.value === true,
    },
  );
  return { proof, run: () => setAsked(asked + 1) };
}
