import type { Cost } from "./cost";
import type { Owner, Stored } from "./domain/quota";
import { dayMs } from "./domain/time";
import type { Environment } from "./env";
import { near } from "./near";
import type { Log } from "./operations/deps";

/** How long a request waits for the count of what its owner stores. */
const countMaxMs = 1_000;

/** For each request of an owner that is counted at this moment, so many more are counted ahead. */
const aheadOfEach = 4;
const aheadMax = 16;

/** The rows and bytes that this isolate has counted ahead on a day of an owner, so that a crowd asks less often. */
interface Advance {
  day: number;
  /** The counts that are under way. */
  underWay: number;
  spare: Stored;
  /** The rest of the day when the object was asked last. */
  left: Stored;
}

const advances = new Map<string, Advance>();
const advancesMax = 1_000;

/**
 * Counts what a request may store in its owner's day. Returns undefined if the kind of owner is not counted, and if the
 * count does not answer: then the request goes on, because a payment that is made is worth more than an exact quota.
 *
 * While several requests of an owner are counted at once, some more are counted ahead, as long as half of the day is left.
 * The isolate gives nothing of that back when it ends: it is lost to the day.
 */
export async function spendFrom(
  env: Environment,
  { cost, nowMs, log }: { cost: Cost; nowMs: () => number; log: Log },
  { kind, id }: Owner,
  price: Stored & { reserve: boolean },
) {
  const upper = kind.toUpperCase() as Uppercase<Owner["kind"]>;
  const most = { rows: env[`${upper}_ROWS_PER_DAY`], bytes: env[`${upper}_BYTES_PER_DAY`] };
  if (most.rows === 0 && most.bytes === 0) return undefined;
  const name = `day:${kind}:${id}`;
  const atMs = nowMs();
  const advance = advanceOf(name, Math.floor(atMs / dayMs));
  const { spare } = advance;
  if ((spare.rows > 0 || spare.bytes > 0) && spare.rows >= price.rows && spare.bytes >= price.bytes) {
    advance.spare = sum(spare, price, -1);
    const resetSeconds = Math.ceil(((advance.day + 1) * dayMs - atMs) / 1000);
    return { allowed: true, most, left: sum(advance.left, advance.spare), resetSeconds };
  }
  cost.hops += 1;
  // A price below zero gives back what one request was counted, and no more.
  const ahead = price.rows < 0 ? 0 : Math.min(aheadMax, advance.underWay * aheadOfEach);
  advance.underWay += 1;
  try {
    const limiter = env.LIMITER.get(env.LIMITER.idFromName(name), near(env));
    // Nobody waits for the timer if the call fails at once, so it must not reject.
    const late = scheduler.wait(countMaxMs).then(() => undefined);
    const spent = await Promise.race([limiter.spend(most, price, atMs, ahead), late]);
    if (!spent) throw new Error("no answer in time");
    const { allowed, left, resetMs, times } = spent;
    // An object of the release before does not count ahead.
    advance.spare = sum(advance.spare, price, Math.max(0, (times ?? 1) - 1));
    advance.left = left;
    return { allowed, most, left: sum(left, advance.spare), resetSeconds: Math.ceil(resetMs / 1000) };
  } catch (error) {
    log.warn("quota_not_counted", { owner: kind, reason: String(error) });
    return undefined;
  } finally {
    advance.underWay -= 1;
  }
}

/** Forgets what was counted ahead, for tests that begin anew in the same isolate. */
export function forgetAhead(): void {
  advances.clear();
}

function advanceOf(name: string, day: number): Advance {
  const known = advances.get(name);
  if (known?.day === day) return known;
  const none = { rows: 0, bytes: 0 };
  const advance = { day, underWay: 0, spare: none, left: none };
  advances.set(name, advance);
  const [oldest = ""] = advances.keys();
  if (advances.size > advancesMax) advances.delete(oldest);
  return advance;
}

function sum(a: Stored, b: Stored, times = 1): Stored {
  return { rows: a.rows + times * b.rows, bytes: a.bytes + times * b.bytes };
}
