import { DurableObject } from "cloudflare:workers";
import { buildDeliveryDeps } from "../container";
import { deliver } from "../webhooks/deliver";
import type { DeliveryJob, DispatcherRpc } from "./rpc";

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
export class Dispatcher extends DurableObject<object> implements DispatcherRpc {
  readonly #waiting = new Map<string, DeliveryJob>();
  readonly #underWay = new Set<string>();

  /**
   * Accepts delivery jobs, by their names, and returns at once. A job that is waiting is not accepted twice; one that
   * is under way runs once more afterwards, because its row may have changed since it was read.
   */
  take(jobs: ReadonlyMap<string, DeliveryJob>): void {
    for (const [name, job] of jobs) this.#waiting.set(name, job);
    for (let next = this.#next(); next; next = this.#next()) this.ctx.waitUntil(this.#work(next));
  }

  /** Takes a job that can begin: there must be room, and none of its name may be under way. */
  #next(): [name: string, job: DeliveryJob] | undefined {
    if (this.#underWay.size >= width) return undefined;
    for (const [name, job] of this.#waiting) {
      if (this.#underWay.has(name)) continue;
      this.#waiting.delete(name);
      this.#underWay.add(name);
      return [name, job];
    }
    return undefined;
  }

  /** Works until no job waits. Up to `width` of these run at the same time. */
  async #work(first: [name: string, job: DeliveryJob]): Promise<void> {
    for (let next: typeof first | undefined = first; next; next = this.#next()) {
      const [name, job] = next;
      try {
        await this.#go(name, job);
      } finally {
        this.#underWay.delete(name);
      }
    }
  }

  async #go(name: string, job: DeliveryJob): Promise<void> {
    const deps = await buildDeliveryDeps(this.env, `delivery-${name}`);
    try {
      const { told, nextInMs } = await deliver(deps, job);
      await deps.enqueueDeliveries(told);
      if (nextInMs !== null && nextInMs < sweepEveryMs) await deps.enqueueDeliveries([job], Math.ceil(nextInMs / 1000));
      deps.log.info("delivery", { ...job, cost: deps.cost });
    } catch (error) {
      deps.log.error("delivery_failed", error, { ...job }); // the row stays due
    }
  }
}
