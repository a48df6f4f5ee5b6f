import { DurableObject } from "cloudflare:workers";

/** The most uses in any window of this length. */
export interface Quota {
  most: number;
  windowMs: number;
}

/**
 * Whether a use was allowed, how many are left, and the time until the oldest expires, which makes room for another.
 */
export interface Taken {
  allowed: boolean;
  left: number;
  resetMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The rows and bytes of a request, or of a day. */
interface Stored {
  rows: number;
  bytes: number;
}

/**
 * Whether there was room for a request, what is left of the day, the time until the next day begins, and for how many
 * such requests it was counted.
 */
export interface Day {
  allowed: boolean;
  left: Stored;
  resetMs: number;
  times: number;
}

/** The rows and bytes that an owner has stored on one day, numbered since the epoch. */
interface Spent extends Stored {
  day: number;
  windowMs: number;
  lastMs: number;
}

/** How attempts that failed are slowed down: after `free` ones in a row, by a time that doubles up to a most. */
export interface Slowing {
  free: number;
  firstMs: number;
  mostMs: number;
  /** The time without an attempt after which those that were made are forgotten. */
  forgottenMs: number;
  /** The time for which a network is known that a right attempt has come from. */
  knownMs: number;
}

/** The most networks that are known of one account. */
const networksMax = 5;

/** The attempts in a row of which none is known to be right, and the time of the last. */
interface Attempts {
  count: number;
  lastMs: number;
}

/** The uses that still count, by the caller's clock, and the last one by the object's own, for the alarm. */
interface Uses {
  atMs: number[];
  windowMs: number;
  lastMs: number;
}

/**
 * Counts the uses of one quota exactly, wherever they come from: one object for each quota of each owner. The uses are
 * stored, because an idle object is evicted. After a whole window without uses, nothing is kept. It also counts the
 * attempts at one password, in the same way.
 */
export class Limiter extends DurableObject<object> {
  /** Takes one use, if one is left, or none, only to tell the state. A refused use is not counted. */
  async take({ most, windowMs }: Quota, nowMs: number, uses: 0 | 1 = 1): Promise<Taken> {
    // The clocks of isolates differ a little, so a use in the near future counts, too.
    const counts = (usedMs: number) => usedMs > nowMs - windowMs && usedMs < nowMs + windowMs;
    const atMs = (this.#uses?.atMs ?? []).filter(counts);
    const allowed = atMs.length < most;
    if (allowed && uses === 1) {
      atMs.push(nowMs);
      // Nothing is awaited between reading and writing, so no other use comes in between.
      this.#uses = { atMs, windowMs, lastMs: Date.now() };
      if (atMs.length === 1) await this.ctx.storage.setAlarm(Date.now() + windowMs);
    }
    return { allowed, left: most - atMs.length, resetMs: atMs.length === 0 ? 0 : Math.min(...atMs) + windowMs - nowMs };
  }

  /**
   * Counts what a request may store on this day (UTC), if there is room for it. A limit of 0 allows everything. With the
   * reserve, a request may go beyond the limits, up to as much again. A refused request is not counted. As long as half
   * of the day is left, so many more requests are counted `ahead`: their caller will not ask for them.
   */
  async spend(most: Stored, price: Stored & { reserve: boolean }, nowMs: number, ahead = 0): Promise<Day> {
    const today = Math.floor(nowMs / dayMs);
    const spent = this.#spent;
    // An isolate whose clock is a little behind at midnight counts in the new day.
    const counts = spent && (spent.day === today || spent.day === today + 1);
    const { day, rows, bytes } = counts ? spent : { day: today, rows: 0, bytes: 0 };
    // A price below zero gives back what a request was counted, which may have been yesterday.
    const afterTimes = (times: number) => ({
      rows: Math.max(0, rows + times * price.rows),
      bytes: Math.max(0, bytes + times * price.bytes),
    });
    const isIn = (spent: Stored, share: number) =>
      (["rows", "bytes"] as const).every((unit) => most[unit] === 0 || spent[unit] <= most[unit] * share);
    const times = isIn(afterTimes(1 + ahead), 0.5) ? 1 + ahead : 1;
    const after = afterTimes(times);
    const allowed = isIn(after, price.reserve ? 2 : 1);
    if (allowed) {
      this.#spent = { day, ...after, windowMs: dayMs, lastMs: Date.now() };
      if (rows === 0) await this.ctx.storage.setAlarm(Date.now() + dayMs);
    }
    const left = (unit: "rows" | "bytes") => Math.max(0, most[unit] - (allowed ? after : { rows, bytes })[unit]);
    return { allowed, left: { rows: left("rows"), bytes: left("bytes") }, resetMs: (day + 1) * dayMs - nowMs, times };
  }

  /**
   * Counts an attempt before its outcome is known, so that many at once count as many. Returns the time to wait if it may
   * not be made yet; it does not count then. A network that a right attempt has come from is counted by itself, so that
   * strangers do not delay the owner, and all others together.
   */
  async attempt(
    { free, firstMs, mostMs, forgottenMs, knownMs }: Slowing,
    nowMs: number,
    from: string,
  ): Promise<number> {
    const all = this.#attempts;
    const whose = from in all ? from : "";
    const { count, lastMs } = all[whose] ?? { count: 0, lastMs: nowMs };
    const delayMs = count < free ? 0 : Math.min(firstMs * 2 ** (count - free), mostMs);
    const waitMs = Math.min(lastMs + delayMs - nowMs, delayMs);
    if (waitMs > 0) return waitMs;
    const isOver = nowMs - lastMs > forgottenMs;
    await this.#keep({ ...all, [whose]: { count: isOver ? 1 : count + 1, lastMs: nowMs } }, knownMs);
    return 0;
  }

  /** Ends the row of attempts that a right one belongs to, and knows its network from now on. */
  async succeed({ knownMs }: Slowing, nowMs: number, from: string): Promise<void> {
    const { "": others, ...known } = this.#attempts;
    const strangers = from in known && others ? { "": others } : {};
    const newest = Object.entries({ ...known, [from]: { count: 0, lastMs: nowMs } })
      .sort(([, one], [, other]) => other.lastMs - one.lastMs)
      .slice(0, networksMax);
    await this.#keep({ ...strangers, ...Object.fromEntries(newest) }, knownMs);
  }

  get #attempts(): Record<string, Attempts> {
    return this.ctx.storage.kv.get("attempts") ?? {};
  }

  async #keep(attempts: Record<string, Attempts>, knownMs: number): Promise<void> {
    this.ctx.storage.kv.put("attempts", attempts);
    await this.ctx.storage.setAlarm(Date.now() + knownMs);
  }

  override async alarm(): Promise<void> {
    const last = this.#uses ?? this.#spent;
    const quietAtMs = last ? last.lastMs + last.windowMs : 0;
    if (Date.now() < quietAtMs) await this.ctx.storage.setAlarm(quietAtMs);
    else await this.ctx.storage.deleteAll();
  }

  get #uses(): Uses | undefined {
    return this.ctx.storage.kv.get<Uses>("uses");
  }

  set #uses(uses: Uses) {
    this.ctx.storage.kv.put("uses", uses);
  }

  get #spent(): Spent | undefined {
    return this.ctx.storage.kv.get<Spent>("spent");
  }

  set #spent(spent: Spent) {
    this.ctx.storage.kv.put("spent", spent);
  }
}
