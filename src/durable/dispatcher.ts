import { DurableObject } from "cloudflare:workers";
import { buildDeliveryDeps } from "../container";
import { deliver, deliverRead, writeTogether } from "../webhooks/deliver";
import { type Read, readDeliveries, type Sent } from "../webhooks/deliver-event";
import type { Delivered } from "../webhooks/delivery";
import type { DeliveryJob, DispatcherRpc } from "./rpc";

/**
 * The number of simultaneous attempts for one receiver. Cloudflare allows six connections (Durable Objects, limits) and
 * lets a seventh wait for another's answer while its own time runs: more attempts would time out without being sent.
 * Two connections are left for the database.
 */
const width = 4;

/** The most deliveries that are read together. */
const readMax = 80;

/**
 * A delivery that was read longer ago is read again before it is sent: meanwhile its endpoint may have been disabled, or
 * its event erased.
 */
const freshMs = 1_000;

/** The time for which successes are gathered, and the most that are written down together. */
const gatheredMs = 15;
const gatheredMax = 80;

/** An attempt that is due before the sweep's next run is enqueued. */
const sweepEveryMs = 60_000;

type EventDeliveryJob = Extract<DeliveryJob, { kind: "event" }>;

type Deps = Awaited<ReturnType<typeof buildDeliveryDeps>>;

/** Deliveries that were read together. Their cost is logged when the last of them has ended. */
interface Wave {
  deps: Deps;
  read: Read;
  left: Map<string, EventDeliveryJob>;
  count: number;
}

type Gathered = Sent & { wave: Wave; name: string; job: EventDeliveryJob };

/**
 * Makes the attempts for one receiver, an endpoint or an application, so that a slow or dead one never delays another.
 * It keeps jobs in memory only: the rows are in D1, and the sweep enqueues them again. Events are read in waves, and
 * successes written down together; the other outcomes, and messages about transfers, one by one.
 */
export class Dispatcher extends DurableObject<object> implements DispatcherRpc {
  readonly #waiting = new Map<string, DeliveryJob>();
  readonly #underWay = new Set<string>();
  readonly #ready: (() => Promise<void>)[] = [];
  #lanes = 0;
  #reading: Promise<void> | undefined;
  #gathered: Gathered[] = [];

  /**
   * Accepts delivery jobs, by their names, and returns at once. A job that is waiting is not accepted twice; one that
   * is under way runs once more afterwards, because its row may have changed since it was read.
   */
  take(jobs: ReadonlyMap<string, DeliveryJob>): void {
    for (const [name, job] of jobs) this.#waiting.set(name, job);
    this.#openLanes();
  }

  #openLanes(): void {
    for (let needed = this.#free(width).length; needed > 0 && this.#lanes < width; needed -= 1) {
      this.#lanes += 1;
      this.ctx.waitUntil(this.#work());
    }
  }

  /** Lists jobs that can begin: those of which none of the same name is under way. */
  #free(most: number): [name: string, job: DeliveryJob][] {
    const free: [string, DeliveryJob][] = [];
    for (const [name, job] of this.#waiting) {
      if (free.length === most) break; // thousands may wait
      if (!this.#underWay.has(name)) free.push([name, job]);
    }
    return free;
  }

  /** Works until no job waits. Up to `width` of these run at the same time. */
  async #work(): Promise<void> {
    try {
      for (let next = await this.#next(); next; next = await this.#next()) await next();
    } finally {
      this.#lanes -= 1;
      if (this.#lanes === 0) this.ctx.waitUntil(this.#writeGathered());
    }
  }

  async #next(): Promise<(() => Promise<void>) | undefined> {
    while (this.#ready.length === 0) {
      if (!this.#reading) {
        const free = this.#free(readMax);
        if (free.length === 0) return undefined;
        this.#reading = this.#read(free).finally(() => {
          this.#reading = undefined;
        });
      }
      await this.#reading;
    }
    return this.#ready.shift();
  }

  /** Reads what some jobs need, and makes them ready. If that fails, each tries by itself, and is put off. */
  async #read(jobs: readonly [name: string, job: DeliveryJob][]): Promise<void> {
    for (const [name] of jobs) {
      this.#waiting.delete(name);
      this.#underWay.add(name);
    }
    const events = new Map(jobs.flatMap(([name, job]) => (job.kind === "event" ? [[name, job] as const] : [])));
    const wave = await this.#readWave(events);
    for (const [name, job] of jobs) {
      const isRead = wave && job.kind === "event";
      this.#ready.push(isRead ? () => this.#goRead(wave, name, job) : () => this.#go(name, job));
    }
  }

  async #readWave(jobs: Map<string, EventDeliveryJob>): Promise<Wave | undefined> {
    const [first] = jobs;
    if (!first) return undefined;
    try {
      const deps = await buildDeliveryDeps(this.env, `delivery-${first[0]}`);
      const ids = [...jobs.values()].map(({ eventId }) => eventId);
      const read = await readDeliveries(deps, first[1].endpointId, ids);
      return { deps, read, left: jobs, count: jobs.size };
    } catch {
      return undefined; // each is read by itself, and says what is wrong
    }
  }

  async #goRead(wave: Wave, name: string, job: EventDeliveryJob): Promise<void> {
    if (Date.now() - wave.read.atMs > freshMs) {
      this.#leave(wave, name, job);
      return this.#go(name, job);
    }
    const { deps } = wave;
    try {
      const done = await deliverRead(deps, job, wave.read);
      if ("made" in done) return this.#gather({ ...done, wave, name, job });
      await this.#follow(deps, job, done);
    } catch (error) {
      deps.log.error("delivery_failed", error, { ...job }); // the row stays due
    }
    this.#leave(wave, name, job);
    this.#end(name);
  }

  #gather(success: Gathered): void {
    this.#gathered.push(success);
    const { length } = this.#gathered;
    if (length >= gatheredMax) this.ctx.waitUntil(this.#writeGathered());
    else if (length === 1) this.ctx.waitUntil(scheduler.wait(gatheredMs).then(() => this.#writeGathered()));
  }

  /** Writes down the gathered successes. A job is under way until then, so that nothing is sent twice meanwhile. */
  async #writeGathered(): Promise<void> {
    const successes = this.#gathered;
    this.#gathered = [];
    const [first] = successes;
    if (!first) return;
    const { deps } = first.wave;
    const { endpointId } = first.job;
    for (const error of await writeTogether(deps, endpointId, successes)) {
      deps.log.error("delivery_failed", error, { endpointId }); // the row stays due
    }
    for (const { name, wave, job } of successes) {
      this.#leave(wave, name, job);
      this.#end(name);
    }
  }

  /** Does one job by itself. */
  async #go(name: string, job: DeliveryJob): Promise<void> {
    try {
      await this.#deliver(await buildDeliveryDeps(this.env, `delivery-${name}`), job);
    } finally {
      this.#end(name);
    }
  }

  async #deliver(deps: Deps, job: DeliveryJob): Promise<void> {
    try {
      await this.#follow(deps, job, await deliver(deps, job));
      deps.log.info("delivery", { ...job, cost: deps.cost });
    } catch (error) {
      deps.log.error("delivery_failed", error, { ...job }); // the row stays due
    }
  }

  async #follow(deps: Deps, job: DeliveryJob, { told, nextInMs }: Delivered): Promise<void> {
    await deps.enqueueDeliveries(told);
    if (nextInMs !== null && nextInMs < sweepEveryMs) await deps.enqueueDeliveries([job], Math.ceil(nextInMs / 1000));
  }

  /** Takes a job out of its wave, and logs the wave's cost behind the last of them. */
  #leave(wave: Wave, name: string, job: EventDeliveryJob): void {
    wave.left.delete(name);
    if (wave.left.size > 0) return;
    const { deps, count } = wave;
    deps.log.info("delivery", { ...(count === 1 ? job : { endpointId: job.endpointId, count }), cost: deps.cost });
  }

  #end(name: string): void {
    this.#underWay.delete(name);
    if (this.#waiting.has(name)) this.#openLanes();
  }
}
