import { DurableObject } from "cloudflare:workers";
import { deliver } from "../webhooks/deliver";
import { wireDelivery } from "../wire";

type Errand = Parameters<typeof deliver>[1];

/**
 * The number of simultaneous attempts for one receiver. Cloudflare allows six connections (Durable Objects, limits) and
 * lets a seventh wait for another's answer while its own time runs: more attempts would time out without being sent.
 * Two connections are left for the database.
 */
const width = 4;

/** An attempt that is due before the sweep's next run is enqueued. */
const sweepEveryMs = 60_000;

/**
 * Makes the attempts for one receiver, an endpoint or an application, so that a slow or dead one never delays another.
 * It keeps jobs in memory only: the rows are in D1, and the sweep enqueues them again.
 */
export class Courier extends DurableObject<object> {
  readonly #waiting = new Map<string, Errand>();
  readonly #underWay = new Set<string>();

  /**
   * Accepts delivery jobs, by their names, and returns at once. A job that is waiting is not accepted twice; one that
   * is under way runs once more afterwards, because its row may have changed since it was read.
   */
  take(errands: ReadonlyMap<string, Errand>): void {
    for (const [name, errand] of errands) this.#waiting.set(name, errand);
    for (let next = this.#next(); next; next = this.#next()) this.ctx.waitUntil(this.#work(next));
  }

  /** Takes a job that can begin: there must be room, and none of its name may be under way. */
  #next(): [name: string, errand: Errand] | undefined {
    if (this.#underWay.size >= width) return undefined;
    for (const [name, errand] of this.#waiting) {
      if (this.#underWay.has(name)) continue;
      this.#waiting.delete(name);
      this.#underWay.add(name);
      return [name, errand];
    }
    return undefined;
  }

  /** Works until no job waits. Up to `width` of these run at the same time. */
  async #work(first: [name: string, errand: Errand]): Promise<void> {
    for (let next: typeof first | undefined = first; next; next = this.#next()) {
      const [name, errand] = next;
      try {
        await this.#go(name, errand);
      } finally {
        this.#underWay.delete(name);
      }
    }
  }

  async #go(name: string, errand: Errand): Promise<void> {
    const deps = await wireDelivery(this.env, `delivery-${name}`);
    try {
      const { told, nextInMs } = await deliver(deps, errand);
      await deps.dispatch(told);
      if (nextInMs !== null && nextInMs < sweepEveryMs) await deps.dispatch([errand], Math.ceil(nextInMs / 1000));
      deps.log.info("delivery", { ...errand, cost: deps.cost });
    } catch (error) {
      deps.log.error("delivery_failed", error, { ...errand }); // the row stays due
    }
  }
}
