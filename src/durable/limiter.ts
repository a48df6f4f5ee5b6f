import { DurableObject } from "cloudflare:workers";

/** At most so many uses in any window of this length. */
export interface Quota {
  most: number;
  windowMs: number;
}

/** Whether a use was allowed, how many are left, and in how long the oldest is forgotten, which makes room for another. */
export interface Taken {
  allowed: boolean;
  left: number;
  resetMs: number;
}

/** The uses that still count, by the caller's clock; and the last one by our own, for the alarm. */
interface Uses {
  atMs: number[];
  windowMs: number;
  lastMs: number;
}

/**
 * Counts the uses of one quota exactly, from wherever they come: one object for each quota of each holder. The uses are
 * stored, because an object that nobody asks is put away. After a whole window without one, nothing is kept.
 */
export class Limiter extends DurableObject<object> {
  /** Takes one use, if there is one left. A refused one costs nothing. */
  async take({ most, windowMs }: Quota, nowMs: number): Promise<Taken> {
    // Isolates differ a little in what they call now, so a use of the near future counts, too.
    const counts = (usedMs: number) => usedMs > nowMs - windowMs && usedMs < nowMs + windowMs;
    const atMs = (this.#uses?.atMs ?? []).filter(counts);
    const allowed = atMs.length < most;
    if (allowed) {
      atMs.push(nowMs);
      // Nothing is awaited between reading and writing: no other use comes in between.
      this.#uses = { atMs, windowMs, lastMs: Date.now() };
      if (atMs.length === 1) await this.ctx.storage.setAlarm(Date.now() + windowMs);
    }
    return { allowed, left: most - atMs.length, resetMs: Math.min(...atMs) + windowMs - nowMs };
  }

  override async alarm(): Promise<void> {
    const quietAtMs = this.#uses ? this.#uses.lastMs + this.#uses.windowMs : 0;
    if (Date.now() < quietAtMs) await this.ctx.storage.setAlarm(quietAtMs);
    else await this.ctx.storage.deleteAll();
  }

  get #uses(): Uses | undefined {
    return this.ctx.storage.kv.get<Uses>("uses");
  }

  set #uses(uses: Uses) {
    this.ctx.storage.kv.put("uses", uses);
  }
}
