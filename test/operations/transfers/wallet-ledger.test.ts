import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { emptyCost } from "../../../src/cost";
import { type Database, openDatabase } from "../../../src/db/database";
import type { Page } from "../../../src/db/page";
import { type EntryFilter, pageOfEntries, type WalletEntry } from "../../../src/db/transfers/wallet-ledger";
import { dayOf } from "../../../src/domain/transfers/day";
import { Journey } from "../../journey";
import { accepted, initiated, makeTenant, must, type Tenant, wired } from "../../tenant";

const journey = new Journey((request) => exports.default.fetch(request));
const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2030, 0, 5);

let db: Database;
let here: Tenant;
let all: readonly WalletEntry[];

const everything: Page = { limit: 1_000, offset: 0, order: "asc" };
const ledger = (filter: Partial<EntryFilter> = {}, page = everything, on = db) =>
  pageOfEntries(on, { applicationId: here.id, currency: "NGN", ...filter }, page);

/**
 * Makes six days with a few acceptances each; different clocks mix those around midnight. The first four are settled.
 */
beforeAll(async () => {
  await journey.reset();
  let nowMs = startMs;
  const deps = await wired(() => nowMs);
  db = deps.db;
  here = await makeTenant(deps);
  const there = await makeTenant(deps);
  for (let day = 0; day < 6; day += 1) {
    const midnight = startMs + (day + 1) * dayMs;
    for (const atMs of [midnight - 12 * hourMs, midnight - 500, midnight + 500, midnight - 100, midnight + 100]) {
      nowMs = atMs;
      const [from, to] = atMs > midnight ? [here, there] : [there, here];
      await accepted(deps, to, await initiated(deps, from, to, { amount: 1_000 + day }));
    }
  }
  nowMs = startMs + 9 * dayMs;
  await must(deps, { name: "settle-day", input: { day: dayOf(startMs + 3 * dayMs), by: "clock" } });
  all = (await ledger())?.rows ?? [];
});

it("is all there, in its order, and mixed at midnight", () => {
  expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  const days = all.map(({ day }) => day);
  expect(days).not.toEqual(days.toSorted());
});

describe("the whole ledger", () => {
  it.each(["asc", "desc"] as const)("comes in pages, %s, the last of which is empty", async (order) => {
    const expected = order === "asc" ? all : all.toReversed();
    for (let offset = 0; offset <= 35; offset += 7) {
      const page = await ledger({}, { limit: 7, offset, order });
      expect(page?.rows).toEqual(expected.slice(offset, offset + 7));
      expect(page?.total).toBe(30);
    }
  });
});

describe("a part of it", () => {
  const moments = () => [
    ...Array.from({ length: 10 }, (_, index) => startMs + (index - 1) * dayMs),
    ...all.flatMap(({ createdAt }) => [createdAt, createdAt + 1]),
    ...[-1, 10_000].map((year) => Date.UTC(year, 0, 1)),
  ];

  async function expectSame(filter: Partial<EntryFilter>, fits: (entry: WalletEntry) => boolean) {
    const found = await ledger(filter);
    const expected = all.filter(fits);
    expect(found?.rows, JSON.stringify(filter)).toEqual(expected);
    expect(found?.total).toBe(expected.length);
  }

  it("begins with any moment, and ends before any", async () => {
    for (const atMs of moments()) {
      await expectSame({ fromMs: atMs }, ({ createdAt }) => createdAt >= atMs);
      await expectSame({ toMs: atMs }, ({ createdAt }) => createdAt < atMs);
    }
  });

  it("is a day, or what was debited on it", async () => {
    for (let day = -1; day < 8; day += 1) {
      const [fromMs, toMs] = [startMs + day * dayMs, startMs + (day + 1) * dayMs];
      const isThen = ({ createdAt }: WalletEntry) => createdAt >= fromMs && createdAt < toMs;
      await expectSame({ fromMs, toMs }, isThen);
      await expectSame({ fromMs, toMs, type: "DEBIT" }, (entry) => isThen(entry) && entry.type === "DEBIT");
    }
  });

  it("is of one transfer, wherever it is", async () => {
    for (const { reference } of all) await expectSame({ reference }, (entry) => entry.reference === reference);
    await expectSame({ reference: "TXN-00000000-00000000" }, () => false);
  });
});

describe("what is read", () => {
  async function rowsReadBy(filter: Partial<EntryFilter>, page: Page): Promise<number> {
    const cost = emptyCost();
    await ledger(filter, page, openDatabase(env.DB, cost));
    return cost.rowsRead;
  }

  it("is the page, however far down it is", async () => {
    const [first, last] = [0, 28].map((offset) => rowsReadBy({}, { limit: 2, offset, order: "desc" }));
    expect(await last).toBe(await first);
    expect(await last).toBeLessThan(8);
  });

  it("is the time that is asked for, and two for each doubling of the chain to find it", async () => {
    const day = (ago: number) => startMs + ago * dayMs;
    const page: Page = { limit: 2, offset: 0, order: "desc" };
    // Both the page and the total read a day's five entries, and find them in a chain of thirty by halving it.
    expect(await rowsReadBy({ fromMs: day(1), toMs: day(2) - 1 }, page)).toBeLessThan(110);
    expect(await rowsReadBy({ reference: all[7]?.reference }, page)).toBeLessThan(170);
  });
});
