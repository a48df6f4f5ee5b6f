import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { emptyCost } from "../../../src/cost";
import { openDatabase } from "../../../src/db/database";
import type { SettlementBatch } from "../../../src/db/transfers/settlements";
import { dayAfter, dayOf, dayToSettle, startOf } from "../../../src/domain/transfers/day";
import type { PerformDeps } from "../../../src/operations/operations";
import { settleDue } from "../../../src/operations/transfers/settle-due";
import { isFullSize } from "../../full-size";
import { Journey } from "../../journey";
import { accepted, attempted, initiated, makeTenant, must, type Tenant, wired } from "../../tenant";
import { rows } from "../rows";
import { type BatchRow, batchesOf, expectAllSettled } from "./settled";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const journey = new Journey((request) => exports.default.fetch(request));

const first = "2030-03-01";
const second = dayAfter(first);
const third = dayAfter(second);

let nowMs = 0;
let deps: PerformDeps;
let tenants: Tenant[];
/** A second user of each application, whom the first can pay. */
let friends: Tenant[];

async function begin(): Promise<void> {
  await journey.reset();
  nowMs = startOf(first) + 12 * hourMs;
  deps = await wired(() => nowMs);
  tenants = [await makeTenant(deps), await makeTenant(deps), await makeTenant(deps)];
  friends = await Promise.all(tenants.map(befriend));
}

async function befriend(tenant: Tenant): Promise<Tenant> {
  const applicationId = tenant.id;
  const person = { externalId: "2", displayName: null, email: null, imageUrl: null, metadata: null };
  const { id: subjectId } = await must(deps, { name: "create-subject", input: { applicationId, ...person } });
  await must(deps, { name: "create-tag", input: { applicationId, subjectId, tagString: "friend" } });
  return { ...tenant, tag: tenant.tag.replace("user@", "friend@") };
}

/** Makes a completed transfer; the clock that stamps its acceptance may be off. */
async function pay(from: number, to: number, terms: { amount?: number; currency?: string } = {}, skewMs = 0) {
  const [sender, receiver] = [tenants[from], friends[to]] as [Tenant, Tenant];
  const transfer = await initiated(deps, sender, receiver, terms);
  const atMs = nowMs + skewMs;
  return accepted({ ...deps, nowMs: () => atMs }, receiver, transfer);
}

async function settle(day: string, by: PerformDeps = deps): Promise<SettlementBatch[]> {
  return (await must(by, { name: "settle-day", input: { day, by: "clock" } })).batches;
}

/** Makes deps whose database fails after so many batches, without saying whether the last one was written. */
function failingAfter(batches: number, isWritten: boolean): PerformDeps {
  let left = batches;
  const batch: typeof deps.db.batch = async (statements) => {
    left -= 1;
    if (left > 0) return deps.db.batch(statements);
    if (left === 0 && isWritten) await deps.db.batch(statements);
    throw new Error("the isolate is gone");
  };
  return { ...deps, db: Object.assign(Object.create(deps.db), { batch }) };
}

describe("a day", () => {
  beforeEach(begin);

  it("is settled per currency, with a position for every application that moved", async () => {
    await pay(0, 1, { amount: 100_000 });
    await pay(0, 2, { amount: 30_000 });
    await pay(1, 0, { amount: 1 * 20_000 });
    await pay(2, 2, { amount: 7_000 });
    await pay(1, 2, { amount: 50_000, currency: "USD" });
    nowMs += dayMs;
    await pay(0, 1, { amount: 999_000 }); // another day's
    const batches = await settle(first);
    expect(batches).toMatchObject([
      {
        day: first,
        currency: "NGN",
        status: "COMPLETED",
        errorMessage: null,
        totalCredited: "157000",
        totalDebited: "157000",
        transactionCount: 4,
        applicationCount: 3,
      },
      { currency: "USD", totalCredited: "50000", totalDebited: "50000", transactionCount: 1, applicationCount: 2 },
    ]);
    const positions = tenants.map(({ id }) => batches[0]?.entries.find(({ applicationId }) => applicationId === id));
    expect(positions).toMatchObject([
      {
        totalCredited: "20000",
        totalDebited: "130000",
        netAmount: "-110000",
        closingBalance: "-110000",
        transactionCount: 3,
      },
      {
        totalCredited: "100000",
        totalDebited: "20000",
        netAmount: "80000",
        closingBalance: "80000",
        transactionCount: 2,
      },
      {
        totalCredited: "37000",
        totalDebited: "7000",
        netAmount: "30000",
        closingBalance: "30000",
        transactionCount: 2,
      },
    ]);
    expect(await settle(second, await later(dayMs))).toMatchObject([
      {
        totalCredited: "999000",
        entries: expect.arrayContaining([expect.objectContaining({ openingBalance: "80000" })]),
      },
    ]);
    await expectAllSettled();
  });

  it("without a transfer is settled in the default currency", async () => {
    nowMs += dayMs;
    expect(await settle(first)).toMatchObject([
      {
        currency: "NGN",
        status: "COMPLETED",
        totalCredited: "0",
        transactionCount: 0,
        applicationCount: 0,
        entries: [],
      },
    ]);
  });

  it("that is not over is refused, and stays open", async () => {
    await pay(0, 1);
    for (const day of [first, second, "9999-01-01"]) {
      const refused = await attempted(deps, { name: "settle-day", input: { day, by: "clock" } });
      expect(refused).toMatchObject({ ok: false, refusal: "day_not_over" });
    }
    expect(await rows("select * from settlement_days")).toEqual([]);
  });

  it("takes nothing more once it is closed: who comes too late is counted on the next", async () => {
    await pay(0, 1);
    nowMs = startOf(second);
    await settle(first);
    const { acceptedAt } = await pay(0, 1, {}, -5_000); // a clock that is behind
    expect(dayOf(acceptedAt ?? 0)).toBe(second);
    const late = { ...deps, nowMs: () => startOf(first) };
    await expect(
      rows(`insert into wallet_entries select application_id, currency, 99, id, transfer_id, reference, type,
      amount, opening_balance, closing_balance, counterparty_tag, narration, '2030-02-01', created_at
      from wallet_entries limit 1`),
    ).rejects.toThrow("settlement_days_open");
    expect(dayOf(late.nowMs())).toBe(first);
    nowMs += dayMs;
    await settle(second);
    await expectAllSettled();
  });

  it("is counted whole, though its last entries stand behind the next day's first", async () => {
    nowMs = startOf(second) - 10_000;
    await pay(0, 1, { amount: 10_000 });
    await pay(0, 1, { amount: 20_000 }, 20_000);
    await pay(0, 1, { amount: 40_000 });
    await pay(0, 1, { amount: 80_000 }, 20_000);
    nowMs += 2 * dayMs;
    expect(await settle(first)).toMatchObject([{ totalCredited: "50000" }]);
    expect(await settle(second)).toMatchObject([{ totalCredited: "100000" }]);
    await expectAllSettled();
  });

  it("that was missed is settled first, whatever is asked for", async () => {
    await pay(0, 1);
    nowMs += 3 * dayMs;
    await pay(1, 0);
    nowMs += dayMs;
    await settle(dayOf(nowMs - dayMs));
    expect((await batchesOf()).map(({ day }) => day)).toEqual([first, second, third, dayAfter(third)]);
    const before = await batchesOf();
    expect(await settle(second)).toMatchObject([{ id: before[1]?.id }]);
    expect(await batchesOf()).toEqual(before);
    await expectAllSettled();
  });

  it("before the first entry can be settled, and leaves no days to be made up", async () => {
    expect(await settle("2010-01-01")).toMatchObject([{ day: "2010-01-01", transactionCount: 0, entries: [] }]);
    await settleDue(deps);
    await pay(0, 1);
    nowMs += dayMs;
    await settle(first);
    await settle("2029-12-31");
    nowMs += dayMs;
    await settle(second);
    expect((await batchesOf()).map(({ day }) => day)).toEqual(["2010-01-01", "2029-12-31", first, second]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7].flatMap((batches) => [[batches, false] as const, [batches, true] as const]))(
    "is finished by the next run when one stops after %d batches (written: %s)",
    async (batches, isWritten) => {
      await pay(0, 1);
      await pay(1, 0, { currency: "USD" });
      nowMs += dayMs;
      await settle(first, failingAfter(batches, isWritten)).catch(() => undefined);
      await pay(1, 2, {}, -dayMs); // may be too late for the day, and is counted all the same
      await settle(first);
      nowMs += dayMs;
      await settle(second);
      await expectAllSettled();
    },
  );

  it("is counted once by runs at the same time", async () => {
    await pay(0, 1);
    await pay(0, 1, { currency: "USD" });
    nowMs += 4 * dayMs;
    await pay(1, 0);
    nowMs += dayMs;
    const day = dayOf(nowMs - dayMs);
    const answers = await Promise.all(Array.from({ length: 6 }, () => settle(day)));
    expect(new Set(answers.map((batches) => JSON.stringify(batches))).size).toBe(1);
    expect(await batchesOf()).toHaveLength(6);
    await expectAllSettled();
  });

  it("of which the books are wrong fails, and is counted again once they are right", async () => {
    await pay(0, 1, { amount: 70_000 });
    const [guard] = await rows<{ sql: string }>(
      "select sql from sqlite_master where name = 'wallet_entries_no_delete'",
    );
    await env.DB.prepare("drop trigger wallet_entries_no_delete").run();
    const kept = await rows<Record<string, unknown>>("select * from wallet_entries where type = 'CREDIT'");
    await rows("delete from wallet_entries where type = 'CREDIT'");
    nowMs += dayMs;
    const [failed] = await settle(first);
    expect(failed).toMatchObject({
      status: "FAILED",
      errorMessage: "The day's credits and debits differ",
      totalDebited: "70000",
    });
    await pay(1, 0, { amount: 20_000 });
    nowMs += dayMs;
    const [next] = await settle(second);
    const names = Object.keys(kept[0] ?? {});
    const marks = names.map(() => "?").join(", ");
    const trigger = await rows<{ sql: string }>("select sql from sqlite_master where name = 'wallet_entries_open_day'");
    await env.DB.prepare("drop trigger wallet_entries_open_day").run();
    await rows(`insert into wallet_entries (${names.join(", ")}) values (${marks})`, ...Object.values(kept[0] ?? {}));
    await env.DB.batch([guard, ...trigger].map((one) => env.DB.prepare(one?.sql ?? "")));
    expect(await settle(first)).toMatchObject([{ id: failed?.id, status: "COMPLETED", totalCredited: "70000" }]);
    const { entries, ...same } = next as SettlementBatch;
    expect(entries.map(({ openingBalance }) => openingBalance).toSorted()).toEqual(["-70000", "0"]);
    const [again] = await settle(second);
    expect(again).toMatchObject(same);
    expect(again?.entries.map(({ openingBalance }) => openingBalance).toSorted()).toEqual(["-70000", "70000"]);
    await expectAllSettled();
  });
});

async function later(ms: number): Promise<PerformDeps> {
  nowMs += ms;
  return deps;
}

describe("the clock", () => {
  beforeEach(begin);

  it("settles a day at 23:59 of the next one, and what was missed before", async () => {
    expect(dayToSettle(startOf(third) - minuteMs)).toBe(first);
    expect(dayToSettle(startOf(third) - minuteMs - 1)).toBe(dayOf(startOf(first) - 1));
    await settleDue(deps);
    await pay(0, 1);
    nowMs = startOf(third) - minuteMs - 1;
    await settleDue(deps);
    expect(await batchesOf()).toEqual([]);
    nowMs += 1;
    await settleDue(deps);
    expect((await batchesOf()).map(({ day }) => day)).toEqual([first]);
    nowMs += 3 * dayMs;
    await settleDue(deps);
    await settleDue(deps);
    expect(await batchesOf()).toHaveLength(4);
    await expectAllSettled();
  });

  it("settles nothing before there is an entry, and a year of silence in parts", async () => {
    nowMs += 5 * dayMs;
    await settleDue(deps);
    expect(await batchesOf()).toEqual([]);
    await pay(0, 1);
    nowMs += 250 * dayMs;
    const counts: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      await settleDue(deps);
      counts.push((await batchesOf()).length);
    }
    expect(counts).toEqual([100, 200, 249, 249]);
    await expectAllSettled();
  });

  it("looks no further than its cursor on the same day", async () => {
    await pay(0, 1);
    nowMs += 3 * dayMs;
    await settleDue(deps);
    const cost = emptyCost();
    await settleDue({ ...deps, db: openDatabase(env.DB, cost) });
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    expect(cost.rowsRead).toBeLessThanOrEqual(3);
  });

  it("keeps no currency waiting for one that cannot be counted, and settles the day whole when all can", async () => {
    await begin();
    await pay(0, 1, { currency: "EUR" });
    await pay(0, 1, { currency: "USD" });
    await pay(0, 1);
    await rows(
      `create trigger uncountable before insert on settlement_entries
       when new.currency = 'EUR' begin select raise(abort, 'not countable'); end`,
    );
    nowMs = startOf(second) + 12 * hourMs;
    await pay(0, 1, { currency: "USD" });
    nowMs = startOf(third) + 36 * hourMs;
    await settleDue(deps);
    const counted = () => rows<BatchRow>("select day, currency from settlement_batches order by day, currency");
    expect(await counted()).toEqual([first, second].map((day) => ({ day, currency: "USD" })));
    await rows("drop trigger uncountable");
    await settleDue(deps);
    expect(await counted()).toEqual(
      [
        [first, "EUR"],
        [first, "NGN"],
        [first, "USD"],
        [second, "NGN"],
        [second, "USD"],
      ].map(([day, currency]) => ({ day, currency })),
    );
  });

  it("reaches all of it through the sweep", async () => {
    const [sender, receiver] = [tenants[0], friends[1]] as [Tenant, Tenant];
    const real = await wired();
    const transfer = await initiated(real, sender, receiver);
    const { acceptedAt } = await accepted(real, receiver, transfer);
    await journey.control("POST", "clock", { advanceSeconds: 2 * 24 * 60 * 60 });
    expect((await batchesOf()).map(({ day }) => day)).toContain(dayOf(acceptedAt ?? 0));
  });
});

describe("whatever happens around midnight", () => {
  /** Most of it happens while some clocks are still in the same day. */
  const pause = fc.constantFrom("a little", "to midnight", "past midnight", "past midnight", "hours", "days");
  const payment = fc.record({
    from: fc.nat(2),
    to: fc.nat(2),
    amount: fc.integer({ min: 2, max: 2 ** 40 }),
    currency: fc.constantFrom("NGN", "NGN", "USD", "BHD"),
    // A clock that is behind by more than the delay of the settlement would stamp into a settled day.
    skewSeconds: fc.oneof(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -120, max: -30 })),
  });
  const run = fc.record({ daysBack: fc.constantFrom(1, 1, 1, 2, 3), batches: fc.nat(12), isWritten: fc.boolean() });
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("pay" as const), payment }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), pause }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("settle" as const), run }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const), run }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("at once" as const), run, payments: fc.array(payment, { maxLength: 3 }) }),
    },
  );
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
  type Payment = typeof payment extends fc.Arbitrary<infer P> ? P : never;

  function complete({ from, to, amount, currency, skewSeconds }: Payment) {
    return pay(from, to, { amount, currency }, skewSeconds * 1000);
  }

  function backwards(days: number): string {
    return dayOf(nowMs - days * dayMs);
  }

  function after(pause: string): number {
    const midnightMs = startOf(dayAfter(dayOf(nowMs + hourMs)));
    if (pause === "to midnight") return midnightMs - minuteMs / 2;
    if (pause === "past midnight") return midnightMs + minuteMs / 3;
    return nowMs + ({ "a little": 20_000, hours: 6 * hourMs }[pause] ?? 49 * hourMs);
  }

  async function take(one: Step): Promise<void> {
    switch (one.do) {
      case "pay":
        await complete(one.payment);
        break;
      case "wait":
        nowMs = after(one.pause);
        break;
      case "settle":
        await settle(backwards(one.run.daysBack));
        break;
      case "crash":
        await settle(backwards(one.run.daysBack), failingAfter(one.run.batches, one.run.isWritten)).catch(
          () => undefined,
        );
        break;
      case "at once":
        await Promise.all([settle(backwards(one.run.daysBack)), ...one.payments.map(complete)]);
        break;
    }
  }

  it("every completed transfer is in exactly one batch, and no batch ever changes", { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async (steps) => {
        await begin();
        nowMs = startOf(second) - minuteMs / 2;
        const seen = new Map<string, BatchRow>();
        for (const one of steps) {
          await take(one);
          for (const batch of await batchesOf()) {
            expect(batch).toEqual(seen.get(batch.id) ?? batch);
            seen.set(batch.id, batch);
          }
        }
        nowMs += 3 * dayMs;
        await settle(backwards(1));
        await expectAllSettled();
      }),
      { numRuns: isFullSize ? 20 : 8 },
    );
  });
});
