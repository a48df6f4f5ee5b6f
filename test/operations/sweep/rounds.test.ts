import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  putOffDue,
  selectDueCalls,
  selectDueCheckouts,
  selectDueConnectedAccounts,
  selectDueEvents,
  selectDueOpenCheckouts,
  selectDuePayments,
  selectDuePayoutAccounts,
  selectDuePayouts,
  selectDueRefunds,
  selectDueUnpaidPayments,
} from "../../../src/db/due";
import { sweep } from "../../../src/operations/sweep";
import type { Cost } from "../../cost";
import { wired } from "../../tenant";
import { until } from "../../webhooks/owner";
import { planOf, scansIn } from "../plans";
import { rows } from "../rows";
import { copy } from "./copies";
import { journey, kinds } from "./unsettleable";

interface SweepLine {
  event: string;
  found?: number;
  putOff?: number;
  lateMs?: Record<string, number>;
  left?: string[];
  goesOn: boolean;
  cost: Cost & { queries: number };
}

let logged: SweepLine[] = [];

beforeEach(async () => {
  await journey.reset();
  logged = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => void logged.push(JSON.parse(line)));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rows("drop trigger if exists unwritable");
  await journey.events("deliver");
});

const runs = () => logged.filter(({ event }) => event === "sweep");
const sweepOnce = () => journey.control("POST", "tick");

/** Waits until the runs that the first one has caused have ended. */
const through = () => until(async () => expect(runs().at(-1)?.goesOn).toBe(false));

async function clockMs(): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds * 1000;
}

async function eventsIn(state: string): Promise<number> {
  const [row] = await rows<{ n: number }>("select count(*) as n from stripe_events where state = ?", state);
  return row?.n ?? 0;
}

/** Stores events that can be processed at once, each a row of its own. */
async function storeEvents(count: number): Promise<void> {
  await kinds.event?.settleable();
  if (count === 1) return;
  await copy({ table: "stripe_events", where: "id = 'evt_good'", count: count - 1 }, { id: "'evt_more' || i" });
}

describe("a run that is not through", () => {
  it("causes others until it is, none of which asks the database a thousand times", async () => {
    await storeEvents(500);
    await sweepOnce();
    expect(runs()[0]).toMatchObject({ goesOn: true, left: ["event"] });
    await through();
    expect(await eventsIn("received")).toBe(0);
    expect(runs().length).toBeGreaterThan(2);
    expect(Math.max(...runs().map(({ cost }) => cost.queries))).toBeLessThan(1_000);
  });

  it("has taken a page of every other kind all the same", async () => {
    const paid = await kinds["unpaid payment"]?.settleable();
    const held = await kinds["open checkout"]?.settleable();
    await storeEvents(500);
    await sweepOnce();
    expect(await eventsIn("received")).toBeGreaterThan(0);
    expect([await paid?.(), await held?.()]).toEqual(["succeeded", "accepted"]);
    await through();
  });

  it("has five commands under way at a time: Cloudflare gives an invocation six connections", async () => {
    await storeEvents(30);
    const deps = await wired();
    let [underWay, most] = [0, 0];
    const counted: typeof deps = {
      ...deps,
      async runSerialized(command) {
        underWay += 1;
        most = Math.max(most, underWay);
        await scheduler.wait(5);
        underWay -= 1;
        return deps.runSerialized(command);
      },
    };
    await sweep(counted, {});
    expect(most).toBe(5);
    await through();
  });

  it("is left alone by the clock's own runs, as long as it may last and no longer", async () => {
    await storeEvents(1);
    const nowMs = await clockMs();
    await rows("insert into cursors (name, value) values ('sweep', ?)", nowMs + 30_000);
    await sweepOnce();
    expect(await eventsIn("received")).toBe(1);
    await rows("update cursors set value = ? where name = 'sweep'", nowMs + 3_600_000); // the clock was moved back
    await sweepOnce();
    expect(await eventsIn("received")).toBe(0);
  });
});

it("says how late it is", async () => {
  const nowMs = await clockMs();
  await storeEvents(2);
  await rows("update stripe_events set due_at = ? where id = 'evt_good'", nowMs - 60_000);
  await kinds.event?.unsettleable(3);
  await rows("update stripe_events set due_at = ? where id like 'evt_stuck%'", nowMs - 90_000);
  await rows("update stripe_events set due_at = ? where id like 'evt_more%'", nowMs - 1_000);
  await sweepOnce();
  const [line] = runs();
  expect(line).toMatchObject({ found: 5, putOff: 3, left: [], goesOn: false });
  expect(Object.keys(line?.lateMs ?? {})).toEqual(["event"]);
  expect(line?.lateMs?.event).toBeGreaterThanOrEqual(90_000);
  expect(line?.lateMs?.event).toBeLessThan(150_000);
});

describe("putting off", () => {
  const minuteMs = 60_000;
  const row = { key: ["evt_good"], dueAt: 2 };
  const dueAt = async () => (await rows<{ due_at: number }>("select due_at from stripe_events"))[0]?.due_at;

  it.each([
    ["new", 0, 5 * minuteMs],
    ["a while old", 20 * minuteMs, 20 * minuteMs],
    ["old", 48 * 60 * minuteMs, 60 * minuteMs],
  ])("waits as long again as a row has existed, within bounds: %s", async (_, ageMs, waitMs) => {
    const { db } = await wired();
    const nowMs = await clockMs();
    await storeEvents(1);
    await rows("update stripe_events set received_at = ?", nowMs - ageMs);
    const [moved] = await db.batch([putOffDue(db, "event", [row], nowMs)]);
    expect(moved).toHaveLength(1);
    expect(await dueAt()).toBe(nowMs + waitMs);
  });

  it("leaves a row alone that another has moved meanwhile", async () => {
    const { db } = await wired();
    await storeEvents(1);
    for (const other of [3, null]) {
      await rows("update stripe_events set due_at = ?", other);
      const [moved] = await db.batch([putOffDue(db, "event", [row], await clockMs())]);
      expect(moved).toEqual([]);
      expect(await dueAt()).toBe(other);
    }
  });

  it("finds its rows by their key", async () => {
    for (const [table, key] of [
      ["call", ["a", "b"]],
      ["event", ["a"]],
      ["checkout", ["a", "b"]],
      ["payment", ["a"]],
    ] as const) {
      const plan = await planOf((db) => putOffDue(db, table, [{ key, dueAt: 1 }], 2));
      expect(plan.filter((step) => /due/.test(step))).toEqual([]);
      expect(scansIn(plan)).toEqual([]);
    }
  });
});

it.each([
  ["stripe_effects_due", selectDueCalls],
  ["stripe_events_due", selectDueEvents],
  ["checkouts_due", selectDueCheckouts],
  ["checkouts_open_due", selectDueOpenCheckouts],
  ["payouts_due", selectDuePayouts],
  ["refunds_due", selectDueRefunds],
  ["payments_due", selectDuePayments],
  ["payments_unpaid_due", selectDueUnpaidPayments],
  ["payout_accounts_due", selectDuePayoutAccounts],
  ["connected_accounts_due", selectDueConnectedAccounts],
] as const)("reads no more than a page: %s", async (index, select) => {
  const plan = await planOf((db) => select(db, 1, 20));
  expect(plan[0]).toMatch(new RegExp(`^SEARCH \\w+ USING (COVERING )?INDEX ${index} \\(due_at<\\?\\)$`));
  expect(plan.filter((step) => /B-TREE|SCAN/.test(step))).toEqual([]);
});
