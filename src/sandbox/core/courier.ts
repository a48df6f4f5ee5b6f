import type { ObjectEnv } from "../object-env";
import type { Delivery } from "./deliveries";
import { sign } from "./sign";
import type { World } from "./world";

const ENDPOINT = "http://localhost/api/v1/webhooks";
const TIMEOUT_MS = 10_000;
/** The number of lanes that run at the same time. */
const LANES = 16;

/** Delivers events to the application's webhook route, as Stripe does: signed, and repeated until the answer is 2xx. */
export class Courier {
  readonly #underway = new Map<string, Promise<unknown> | undefined>();

  constructor(
    private readonly world: World,
    private readonly env: Pick<ObjectEnv, "SELF" | "STRIPE_WEBHOOK_SECRETS">,
  ) {}

  /**
   * Returns the items in another order each time, and in the same orders again after a reset, so that a failure can be
   * repeated.
   */
  #shuffled<T>(items: readonly T[]): T[] {
    const round = Number(this.world.settings.get("shuffles") ?? "0") + 1;
    if (items.length > 1) this.world.settings.set("shuffles", String(round));
    return items
      .map((item, position) => ({ item, order: scattered(round, position) }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }

  /** Attempts everything that is due and not under way already. Returns the number of these events. */
  async deliverDue(): Promise<number> {
    const due = this.world.deliveries.due(this.world.now()).filter((delivery) => !this.#underway.has(delivery.event));
    const mode = this.world.deliveries.mode();
    const lanes = mode === "shuffle" ? this.#shuffled(due).map((delivery) => [delivery]) : lanesOf(due);
    const work = lanes.map((lane) => this.#runLane(lane, mode === "duplicate" ? 2 : 1));
    for (const [index, lane] of lanes.entries()) {
      for (const { event } of lane) {
        this.#underway.set(event, work[index]);
      }
    }
    await Promise.all(work);
    return due.length;
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underway.size > 0) {
      await Promise.all(this.#underway.values());
    }
  }

  /** Delivers held events, each `copies` times at once, one event after the other. */
  async flush(copies: number): Promise<{ events: number; statuses: number[] }> {
    const held = this.world.deliveries.held();
    const statuses: number[] = [];
    for (const delivery of held) {
      statuses.push(...(await this.#attempt(delivery, copies)));
    }
    return { events: held.length, statuses };
  }

  async #runLane(lane: readonly Delivery[], copies: number): Promise<void> {
    for (const delivery of lane) {
      try {
        await this.#slot(() => this.#attempt(delivery, copies));
      } finally {
        this.#underway.delete(delivery.event);
      }
    }
  }

  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async #slot<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= LANES) {
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #attempt(delivery: Delivery, copies: number): Promise<number[]> {
    const account = this.world.objects.ownerOf(delivery.event);
    const event = account === null ? null : this.world.objects.find("event", account, delivery.event);
    if (event === null) {
      return [];
    }
    const body = JSON.stringify(event, null, 2);
    const statuses = await Promise.all(Array.from({ length: copies }, () => this.#post(body, account !== "")));
    if (statuses.some((status) => status >= 200 && status < 300)) {
      this.world.deliveries.succeeded(event.id);
      this.world.objects.replace(event.id, { ...event, pending_webhooks: 0 });
    } else {
      this.world.deliveries.failed(event.id, delivery.attempts, this.world.now());
    }
    return statuses;
  }

  /** Returns the status, or 0 if there was no answer. */
  async #post(body: string, isConnect: boolean): Promise<number> {
    const secrets = this.env.STRIPE_WEBHOOK_SECRETS.split(",");
    const secret = (isConnect ? secrets[1] : secrets[0])?.trim() ?? "";
    try {
      const response = await this.env.SELF.fetch(ENDPOINT, {
        method: "POST",
        body,
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "Stripe-Signature": await sign(body, secret, this.world.now()),
          "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.text();
      return response.status;
    } catch {
      return 0;
    }
  }
}

/** Groups deliveries into lanes. Events of one request keep their order; others do not wait for them. */
function lanesOf(deliveries: readonly Delivery[]): Delivery[][] {
  return Array.from(Map.groupBy(deliveries, (delivery) => delivery.lane).values());
}

/** Returns a pseudo-random number between zero and one, the same for the same arguments. */
function scattered(round: number, position: number): number {
  const large = Math.abs(Math.sin(round * 12.9898 + position * 78.233)) * 43_758.5453;
  return large % 1;
}
