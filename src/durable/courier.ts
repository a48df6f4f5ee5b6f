import { DurableObject } from "cloudflare:workers";
import { deliver } from "../webhooks/deliver";
import { wireDelivery } from "../wire";

type DeliveryKey = Parameters<typeof deliver>[1];

/** How many attempts one endpoint gets at a time: enough to catch up, few enough not to knock it over. */
const width = 10;

/** What is due sooner than the sweep looks again is asked for through the queue. */
const sweepEveryMs = 60_000;

/**
 * Makes the attempts of one endpoint, so that a slow or dead one never delays another. What it holds is in memory only:
 * the rows are in D1, and the sweep hands them over again.
 */
export class Courier extends DurableObject<object> {
  readonly #waiting = new Map<string, DeliveryKey>();
  readonly #underWay = new Set<string>();

  /** Takes deliveries over and answers at once. One that is waiting or under way already is not taken twice. */
  take(keys: readonly DeliveryKey[]): void {
    for (const key of keys) {
      if (!this.#underWay.has(key.eventId)) this.#waiting.set(key.eventId, key);
    }
    while (this.#underWay.size < width && this.#waiting.size > 0) this.ctx.waitUntil(this.#work());
  }

  /** Works until nothing waits. Up to `width` of these run side by side. */
  async #work(): Promise<void> {
    for (let [key] = this.#waiting.values(); key; [key] = this.#waiting.values()) {
      this.#waiting.delete(key.eventId);
      this.#underWay.add(key.eventId);
      try {
        await this.#deliver(key);
      } finally {
        this.#underWay.delete(key.eventId);
      }
    }
  }

  async #deliver(key: DeliveryKey): Promise<void> {
    const deps = await wireDelivery(this.env, `delivery-${key.eventId}`);
    try {
      const { told, nextInMs } = await deliver(deps, key);
      await deps.dispatch(told);
      if (nextInMs !== null && nextInMs < sweepEveryMs) await deps.dispatch([key], Math.ceil(nextInMs / 1000));
      deps.log.info("delivery", { ...key, cost: deps.cost });
    } catch (error) {
      deps.log.error("delivery failed", error, { ...key }); // the row stays due
    }
  }
}
