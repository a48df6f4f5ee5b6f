import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

const quota = { most: 3, windowMs: 60_000 };
const start = Date.UTC(2026, 10, 20, 12);
const newLimiter = () => env.LIMITER.get(env.LIMITER.idFromName(crypto.randomUUID()));

describe("a limiter", () => {
  it("allows as many as the quota says in any window, and says when there is room again", async () => {
    const limiter = newLimiter();
    const at = (seconds: number) => limiter.take(quota, start + seconds * 1000);
    expect(await at(0)).toEqual({ allowed: true, left: 2, resetMs: 60_000 });
    expect(await at(10)).toEqual({ allowed: true, left: 1, resetMs: 50_000 });
    expect(await at(30)).toEqual({ allowed: true, left: 0, resetMs: 30_000 });
    expect(await at(59)).toEqual({ allowed: false, left: 0, resetMs: 1_000 });
    expect(await at(60)).toEqual({ allowed: true, left: 0, resetMs: 10_000 });
    expect(await at(60)).toEqual({ allowed: false, left: 0, resetMs: 10_000 });
    expect(await at(200)).toEqual({ allowed: true, left: 2, resetMs: 60_000 });
  });

  it("counts exactly when all come at once", async () => {
    const limiter = newLimiter();
    const taken = await Promise.all(Array.from({ length: 20 }, () => limiter.take(quota, start)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(3);
    expect(taken.map(({ left }) => left).slice(0, 3)).toEqual([2, 1, 0]);
  });

  it("remembers when it was put away meanwhile", async () => {
    const limiter = newLimiter();
    for (let turn = 0; turn < 3; turn += 1) await limiter.take(quota, start);
    await evictDurableObject(limiter);
    expect(await limiter.take(quota, start + 1_000)).toMatchObject({ allowed: false });
  });

  it("counts what a clock a little ahead has used, and forgets what one far ahead has", async () => {
    const limiter = newLimiter();
    const one = { ...quota, most: 1 };
    await limiter.take(one, start + 20);
    expect(await limiter.take(one, start)).toMatchObject({ allowed: false, resetMs: 60_020 });
    await limiter.take(one, start + 86_400_000);
    expect(await limiter.take(one, start)).toMatchObject({ allowed: true });
  });

  it("keeps nothing of a holder who has gone quiet", async () => {
    const holder = async (windowMs: number) => {
      const limiter = newLimiter();
      await limiter.take({ most: 3, windowMs }, start);
      await limiter.take({ most: 3, windowMs }, start);
      return { limiter, keys: () => runInDurableObject(limiter, (_, { storage }) => [...storage.kv.list()].length) };
    };
    const busy = await holder(60 * 60_000);
    expect(await runDurableObjectAlarm(busy.limiter)).toBe(true); // too early: it looks again
    expect(await busy.keys()).toBe(1);
    const quiet = await holder(1);
    await scheduler.wait(10);
    await runDurableObjectAlarm(quiet.limiter);
    expect(await quiet.keys()).toBe(0);
    expect(await runDurableObjectAlarm(quiet.limiter)).toBe(false);
  });
});

describe("a limiter of an owner's day", () => {
  const most = { rows: 10, bytes: 1_000 };
  const price = (rows: number, bytes: number, reserve = false) => ({ rows, bytes, reserve });
  const untilMidnightMs = 12 * 60 * 60_000;

  it("allows what fits in rows and in bytes, counts nothing that it refuses, and begins anew with the day", async () => {
    const limiter = newLimiter();
    expect(await limiter.spend(most, price(6, 600), start)).toEqual({
      allowed: true,
      left: { rows: 4, bytes: 400 },
      resetMs: untilMidnightMs,
      times: 1,
    });
    expect(await limiter.spend(most, price(5, 1), start)).toMatchObject({ allowed: false, left: { rows: 4 } });
    expect(await limiter.spend(most, price(1, 401), start)).toMatchObject({ allowed: false, left: { bytes: 400 } });
    expect(await limiter.spend(most, price(4, 400), start)).toMatchObject({
      allowed: true,
      left: { rows: 0, bytes: 0 },
    });
    expect(await limiter.spend(most, price(1, 0), start + untilMidnightMs - 1)).toMatchObject({
      allowed: false,
      resetMs: 1,
    });
    expect(await limiter.spend(most, price(1, 0), start + untilMidnightMs)).toMatchObject({
      allowed: true,
      left: { rows: 9 },
    });
  });

  it("counts in the new day what a clock a little behind sends, and forgets a day far ahead", async () => {
    const limiter = newLimiter();
    const midnight = start + untilMidnightMs;
    await limiter.spend(most, price(9, 0), midnight);
    expect(await limiter.spend(most, price(2, 0), midnight - 20)).toMatchObject({ allowed: false });
    expect(await limiter.spend(most, price(9, 0), midnight + 10 * 86_400_000)).toMatchObject({ allowed: true });
    expect(await limiter.spend(most, price(9, 0), midnight)).toMatchObject({ allowed: true });
  });

  it("counts exactly when all come at once, and remembers when it was put away", async () => {
    const limiter = newLimiter();
    const taken = await Promise.all(Array.from({ length: 20 }, () => limiter.spend(most, price(3, 0), start)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(3);
    await evictDurableObject(limiter);
    expect(await limiter.spend(most, price(2, 0), start)).toMatchObject({ allowed: false });
    expect(await limiter.spend(most, price(1, 0), start)).toMatchObject({ allowed: true });
  });

  it("has a reserve as large again, and no limit where it is 0", async () => {
    const limiter = newLimiter();
    await limiter.spend(most, price(10, 0), start);
    expect(await limiter.spend(most, price(10, 0, true), start)).toMatchObject({ allowed: true, left: { rows: 0 } });
    expect(await limiter.spend(most, price(1, 0, true), start)).toMatchObject({ allowed: false });
    expect(await limiter.spend({ rows: 0, bytes: 0 }, price(1_000, 1_000_000), start)).toMatchObject({ allowed: true });
  });

  it("counts more requests ahead while half of the day is left, and says how many", async () => {
    const limiter = newLimiter();
    const ask = (ahead: number) => limiter.spend(most, price(1, 10), start, ahead);
    expect(await ask(3)).toMatchObject({ allowed: true, times: 4, left: { rows: 6, bytes: 960 } });
    expect(await ask(1)).toMatchObject({ allowed: true, times: 1, left: { rows: 5 } });
    expect(await ask(0)).toMatchObject({ allowed: true, times: 1, left: { rows: 4 } });
    expect(await limiter.spend(most, price(1, 10), start + untilMidnightMs, 4)).toMatchObject({ times: 5 });
  });

  it("gives back what a repeat was counted, also from the reserve, and never more than the day has", async () => {
    const limiter = newLimiter();
    await limiter.spend(most, price(10, 0), start);
    await limiter.spend(most, price(8, 0, true), start);
    expect(await limiter.spend(most, price(-8, 0, true), start)).toMatchObject({ allowed: true, left: { rows: 0 } });
    const tomorrow = start + untilMidnightMs;
    expect(await limiter.spend(most, price(-8, -8, true), tomorrow)).toMatchObject({ left: most });
    expect(await limiter.spend(most, price(11, 0), tomorrow)).toMatchObject({ allowed: false });
  });

  it("keeps nothing of an owner who has gone quiet", async () => {
    const limiter = newLimiter();
    await limiter.spend(most, price(1, 1), start);
    expect(await runDurableObjectAlarm(limiter)).toBe(true); // too early: it looks again
    const keys = () => runInDurableObject(limiter, (_, { storage }) => [...storage.kv.list()].length);
    expect(await keys()).toBe(1);
    await runInDurableObject(limiter, (_, { storage }) => {
      const spent = storage.kv.get<object>("spent");
      storage.kv.put("spent", { ...spent, lastMs: 0 });
    });
    await runDurableObjectAlarm(limiter);
    expect(await keys()).toBe(0);
  });
});
