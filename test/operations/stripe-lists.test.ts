import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { catchUp } from "../../src/operations/stripe-events/catch-up";
import { Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { quickly } from "./faults/quickly";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));
const minute = 60;

beforeEach(async () => {
  quickly();
  await journey.reset();
});

const now = async (): Promise<number> => (await journey.control("GET", "clock")).body.nowSeconds;
const fill = (body: object) => journey.control("POST", "fill", body);
const storedEvents = async () => (await rows<{ n: number }>("select count(*) as n from stripe_events"))[0]?.n;

interface Asked {
  idempotencyKey: string | null;
  parameters: { created?: { gte: string; lte: string } };
}

async function requests(match: string): Promise<Asked[]> {
  return (await journey.control("GET", `requests?match=${encodeURIComponent(match)}`)).body.requests;
}

/** Counts the calls, without the SDK's own repeats. */
async function calls(match: string): Promise<number> {
  return new Set((await requests(match)).map(({ idempotencyKey }) => idempotencyKey)).size;
}

/** Runs the catch-up of the platform's events once. */
async function readOn(readSeconds: number, types = ["charge.refunded"]): Promise<number> {
  return (await catchUp(await buildDeps(env, "test"), { types }, readSeconds * 1000)) / 1000;
}

/** Runs it until it has read up to the present. Returns the number of runs. */
async function readToTheEnd(fromSeconds: number, types?: string[]): Promise<number> {
  const endSeconds = await now();
  let readTo = fromSeconds;
  for (let run = 1; run <= 20; run += 1) {
    readTo = await readOn(readTo, types);
    if (readTo >= endSeconds) return run;
  }
  throw new Error(`read up to ${readTo} in 20 runs`);
}

describe("a span of events that holds more than one run reads", () => {
  it("is read to its end, from where the last run stopped", async () => {
    const from = (await now()) - 60 * minute;
    await fill({ kind: "events", count: 9_000, from, to: from + 30 * minute });
    expect(await readToTheEnd(from - minute)).toBe(3);
    expect(await storedEvents()).toBe(9_000);
    expect(await rows("select * from cursors")).toEqual([]);
    const pages = await requests("GET /v1/events");
    expect(pages.length).toBeLessThan(100); // 90, and none of them twice
  });

  it("is read to its end when all of them share a second", async () => {
    const from = (await now()) - 60 * minute;
    await fill({ kind: "events", count: 4_500, from, to: from });
    expect(await readToTheEnd(from)).toBe(2);
    expect(await storedEvents()).toBe(4_500);
  });

  it("is read to its end for a connected account, too", async () => {
    const account = await (await Shop.open(journey)).account();
    const from = (await now()) - 60 * minute;
    await fill({ kind: "events", count: 4_500, from, to: from + 30 * minute, account, type: "charge.refunded" });
    const deps = await buildDeps(env, "test");
    const source = { account, types: ["charge.refunded"] };
    expect(await catchUp(deps, source, from * 1000)).toBe(from * 1000);
    expect(await catchUp(deps, source, from * 1000)).toBeGreaterThan(from * 1000);
    const stored = await rows(
      "select account, count(*) as n from stripe_events where id like 'evt_filled%' group by 1",
    );
    expect(stored).toEqual([{ account, n: 4_500 }]);
  });

  it("is read on when Stripe was away in between", async () => {
    const from = (await now()) - 60 * minute;
    await fill({ kind: "events", count: 4_500, from, to: from + 30 * minute });
    expect(await readOn(from)).toBe(from);
    await journey.fault("GET /v1/events", "500", 2);
    expect(await readOn(from)).toBe(from);
    expect(await readOn(from)).toBeGreaterThan(from);
    expect(await storedEvents()).toBe(4_500);
  });

  it("is read on when the event that was read last is gone", async () => {
    const from = (await now()) - 60 * minute;
    await fill({ kind: "events", count: 4_500, from, to: from + 30 * minute });
    expect(await readOn(from)).toBe(from);
    await env.DB.prepare("update cursors set position = json_set(position, '$.after', 'evt_gone')").run();
    expect(await readOn(from)).toBeGreaterThan(from);
    expect(await storedEvents()).toBe(4_500);
  });

  it("holds the first second and the last, once", async () => {
    const from = (await now()) - 60 * minute;
    for (const at of [from, from + 1, from + 59 * minute, from + 60 * minute]) {
      await fill({ kind: "events", count: 150, from: at, to: at });
    }
    expect(await readToTheEnd(from + 5 * minute)).toBe(1);
    expect(await storedEvents()).toBe(600);
  });

  it("is read for every type, though Stripe filters by twenty", async () => {
    const types = Array.from({ length: 25 }, (_, index) => `charge.kind_${index}`);
    const from = (await now()) - 60 * minute;
    for (const type of [types[0], types[24]]) await fill({ kind: "events", count: 2_500, from, to: from + 9, type });
    expect(await readToTheEnd(from, types)).toBe(2);
    expect(await storedEvents()).toBe(5_000);
  });
});

describe("an event that shows in Stripe's list late", () => {
  it.each([1, 4])("by %s minutes is not lost", async (minutes) => {
    const madeAt = (await now()) - minutes * minute;
    const readTo = await readOn((await now()) - 11 * minute);
    expect(readTo).toBeGreaterThan(madeAt);
    await fill({ kind: "events", count: 1, from: madeAt, to: madeAt });
    await journey.control("POST", "clock", { advanceSeconds: 10 * minute });
    await readOn(readTo);
    expect(await storedEvents()).toBe(1);
  });
});

describe("a creation whose answer was lost, behind 5,000 newer ones at Stripe", () => {
  /** Makes objects that are newer than the lost one, and within the time in which it may have been made. */
  async function hide(kind: string, account?: string): Promise<void> {
    const from = (await now()) + 1;
    await fill({ kind, count: 5_000, from, to: from + 20, ...(account === undefined ? {} : { account }) });
    await journey.advance(6 * minute);
  }

  /** Runs sweeps until it is done. */
  async function untilDone(isDone: () => Promise<boolean>): Promise<number> {
    for (let run = 1; run <= 12; run += 1) {
      if (await isDone()) return run;
      await journey.advance(2);
    }
    throw new Error("it never ended");
  }

  const openCalls = () => rows("select kind, failure from stripe_effects where state = 'open'");
  const isSettled = async () => (await openCalls()).length === 0;

  it("is found: a payment", async () => {
    const shop = await Shop.open(journey);
    const accountId = await shop.account();
    const shopper = await shop.shopper();
    const orderId = newOrderId();
    await shop.paid({}, { accountId, shopper });
    await journey.fault("POST /v1/payment_intents", "500_after", 1);
    const terms = { order_id: orderId, account_id: accountId, amount: 1000 };
    expect((await shop.create(shopper, terms)).status).toBe(503);
    await hide("payment_intents", accountId);
    await untilDone(isSettled);
    const found = await shop.create(shopper, terms);
    expect([200, 201]).toContain(found.status);
    expect(await calls("POST /v1/payment_intents")).toBe(2); // one of them the earlier payment's
    const asked = await requests("GET /v1/payment_intents");
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.length).toBeLessThan(60);
  });

  it("is found: a session", async () => {
    await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    const offer = await journey.offerOnTable({ onboarded: false });
    await journey.fault("POST /v1/checkout/sessions", "500_after", 1);
    expect((await journey.startCheckout(offer)).status).toBe(500);
    await hide("checkout_sessions");
    await untilDone(isSettled);
    expect(await calls("POST /v1/checkout/sessions")).toBe(2);
  });

  it("is found: an expert's account", async () => {
    await journey.onboard(await journey.registerExpert());
    const expert = await journey.registerExpert();
    await journey.fault("POST /v1/accounts", "500_after", 1);
    const open = () => journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {} });
    expect((await open()).status).toBe(500);
    await hide("accounts");
    await untilDone(isSettled);
    expect((await open()).status).toBe(200);
    expect(await calls("POST /v1/accounts")).toBe(2);
  });

  it("is found: a developer's account", async () => {
    const shop = await Shop.open(journey);
    await shop.account();
    const opened = { headers: { "X-Developer-Token": shop.token }, body: { email: "lost@example.com" } };
    await journey.fault("POST /v1/accounts", "500_after", 1);
    expect((await journey.call("POST", "/api/v1/connected-accounts", opened)).status).toBe(503);
    await hide("accounts");
    await untilDone(isSettled);
    expect(await calls("POST /v1/accounts")).toBe(2);
  });

  it("is found: a shopper's customer", async () => {
    const shop = await Shop.open(journey);
    const method = { payment_method_id: "pm_card_visa" };
    expect((await shop.attach(await shop.shopper(), method)).status).toBe(201);
    await journey.fault("POST /v1/customers", "500_after", 1);
    expect((await shop.attach(await shop.shopper(), method)).status).toBe(503);
    await hide("customers");
    await untilDone(isSettled);
    expect(await calls("POST /v1/customers")).toBe(2);
  });

  it("is made anew only when all of them were read and it is not among them", async () => {
    await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    const offer = await journey.offerOnTable({ onboarded: false });
    await journey.fault("POST /v1/checkout/sessions", "500_stored", 1);
    expect((await journey.startCheckout(offer)).status).toBe(500);
    const sent = () => calls("POST /v1/checkout/sessions");
    const before = await sent();
    await hide("checkout_sessions");
    await untilDone(async () => (await sent()) > before);
    const pages = (await requests("GET /v1/checkout/sessions")).length;
    expect(pages).toBeGreaterThanOrEqual(50);
    await untilDone(isSettled);
    expect(await sent()).toBe(before + 1);
    expect(await rows("select attempts from stripe_effects where kind = 'create-session' and attempts > 3")).toEqual(
      [],
    );
  });
});

describe("the span of a look", () => {
  it("holds nothing of what others make after an outage", async () => {
    const shop = await Shop.open(journey);
    const accountId = await shop.account();
    const shopper = await shop.shopper();
    await shop.paid({}, { accountId, shopper });
    await journey.advance(2 * minute);
    await journey.fault("POST /v1/payment_intents", "500", 1_000_000);
    const terms = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
    expect((await shop.create(shopper, terms)).status).toBe(503);
    for (const seconds of [3, 6, 16, 61, 301]) await journey.advance(seconds);
    await journey.control("DELETE", "faults");
    const from = (await now()) + minute;
    await fill({ kind: "payment_intents", account: accountId, count: 3_000, from, to: from + 4 * minute });
    await journey.advance(6 * minute);
    expect(await rows("select kind from stripe_effects where state = 'open'")).toEqual([]);
    expect((await requests("GET /v1/payment_intents")).length).toBeLessThan(10); // one for each attempt
  });

  it("ends soon after the last sending, however long ago that is", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    await journey.fault("POST /v1/checkout/sessions", "500_stored", 1);
    await journey.fault("GET /v1/checkout/sessions", "timeout_before", 2);
    const sentAt = await now();
    expect((await journey.startCheckout(offer)).status).toBe(500);
    await journey.advance(60 * minute);
    await journey.advance(5 * 60 * minute);
    const looks = await requests("GET /v1/checkout/sessions");
    expect(looks.length).toBeGreaterThan(0);
    for (const { parameters } of looks) {
      const { gte, lte } = parameters.created ?? {};
      expect(Number(gte)).toBeLessThanOrEqual(sentAt);
      expect(Number(lte)).toBeGreaterThan(sentAt + 20);
      expect(Number(lte)).toBeLessThan(sentAt + minute);
    }
  });

  it("reaches to a repeat that was sent hours after the claim", async () => {
    const shop = await Shop.open(journey);
    const accountId = await shop.account();
    // Lost twice, because the SDK repeats once by itself.
    await journey.fault("POST /v1/payment_intents", "timeout_before", 2);
    const terms = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
    expect((await shop.create(await shop.shopper(), terms)).status).toBe(503);
    await env.DB.prepare("update stripe_effects set due_at = due_at + 7200000").run();
    await journey.fault("POST /v1/payment_intents", "500_after", 1);
    await journey.advance(3 * 60 * minute);
    await journey.advance(minute);
    expect(await rows("select 1 from stripe_effects where state = 'open'")).toEqual([]);
    expect((await journey.stripe("/payment_intents?limit=100", accountId)).data).toHaveLength(1);
  });
});
