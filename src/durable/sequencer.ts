import { DurableObject } from "cloudflare:workers";
import type { Command } from "../operations/commands";
import type { OpenClaim } from "../operations/deps";
import { run } from "../operations/registry";
import { type Cost, emptyCost, wire } from "../wire";

/** How many may wait for one key. Beyond it the answer is "busy" at once: a queue that long is an outage. */
const waitingMax = 2_000;

/** What comes back from the lock. Refusals travel as data: an error loses its class over RPC. */
export interface Answer {
  result: Awaited<ReturnType<typeof run>>;
  cost: Cost;
  /** Whether the idempotency claim was settled by the committing batch. */
  settled: boolean;
}

/**
 * Orders commands: one at a time per key, in order of arrival. A Durable Object interleaves while it awaits, so the lock
 * is explicit: a promise chain per key (blockConcurrencyWhile would reset the object on a throw and end it after 30 s).
 * Knows no business word, and remembers nothing: what must not be lost is in D1.
 *
 * Cloudflare replaces an object when its code is updated, or when it moves: the old one may go on for a while beside the new
 * one, which knows nothing of its lock. Only an access to its storage ends the old one (Durable Objects, known issues:
 * global uniqueness), so the storage is read before and after each call to Stripe: its keys, for workerd looks
 * only there whether the storage is still ours, and not where SQL is run (actor-sqlite.h). What both do at the same moment
 * is kept apart by the journal's key and by the state of the claimed call.
 */
export class Sequencer extends DurableObject<object> {
  readonly #chains = new Map<string, { last: Promise<unknown>; waiting: number }>();

  /** Performs a command when everything that came before it under the same key has ended. */
  async perform(key: string, command: Command, context: { requestId: string; claim?: OpenClaim }): Promise<Answer> {
    const chain = this.#chains.get(key) ?? { last: Promise.resolve(), waiting: 0 };
    if (chain.waiting >= waitingMax)
      return { result: { ok: false, refusal: "busy" }, cost: emptyCost(), settled: false };
    this.#chains.set(key, chain);
    chain.waiting += 1;
    const turn = chain.last.then(() => this.#run(command, context));
    chain.last = turn.catch(() => undefined); // the next one does not care how this one ended
    try {
      return await turn;
    } finally {
      chain.waiting -= 1;
      if (chain.waiting === 0) this.#chains.delete(key);
    }
  }

  async #run(command: Command, { requestId, claim }: { requestId: string; claim?: OpenClaim }): Promise<Answer> {
    const deps = await wire(this.env, requestId, () => void this.ctx.storage.kv.get("current"));
    const result = await run({ ...deps, ...(claim ? { claim } : {}) }, command);
    return { result, cost: deps.cost, settled: claim?.settled ?? false };
  }
}
