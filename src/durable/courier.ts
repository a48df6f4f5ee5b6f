import { DurableObject } from "cloudflare:workers";
import { deliver } from "../webhooks/deliver";
import { wireDelivery } from "../wire";

type Errand = Parameters<typeof deliver>[1];

/**
 * How many attempts one receiver gets at a time. Of seven connections Cloudflare lets the last wait until another has its
 * answer (Durable Objects, limits: six), while its time runs: more at once would be given up without ever being sent. Two
 * are left for the database.
 */
const width = 4;

/** What is due sooner than the sweep looks again is asked for through the queue. */
const sweepEveryMs = 60_000;

/**
 * Makes the attempts for one receiver, an endpoint or an application, so that a slow or dead one never delays another.
 * What it holds is in memory only: the rows are in D1, and the sweep hands them over again.
 */
export class Courier extends DurableObject<object> {
  readonly #waiting = new Map<string, Errand>();
  readonly #underWay = new Set<string>();

  /**
   * Takes errands over, by their names, and answers at once. One that is waiting is not taken twice; one that is under way
   * is gone again after that, because its row may have changed since it was read.
   */
  take(errands: ReadonlyMap<string, Errand>): void {
    for (const [name, errand] of errands) this.#waiting.set(name, errand);
    for (let next = this.#next(); next; next = this.#next()) this.ctx.waitUntil(this.#work(next));
  }

  /** Takes one out of the line that can begin now: there is room, and none of its name is under way. */
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

  /** Works until nothing waits. Up to `width` of these run side by side. */
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
