import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { rowsOf } from "../../src/http/prices";
import { type Answer, Journey, type Person } from "../journey";
import { identity, newOrderId, Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";
import { journey as plenty } from "./checked";
import { walk } from "./transfers/world";

/* A repeat under its key stores nothing: it is answered on a full day as well, and is not counted. */

const app = createApp();

function withSettings(changes: object): Journey {
  return new Journey(async (request) => (await app.fetch(request, { ...env, ...changes })) as Response);
}

const ofTestimony = rowsOf("create-testimony") ?? 0;
const one = withSettings({ USER_ROWS_PER_DAY: String(ofTestimony), USER_BYTES_PER_DAY: "0" });

const body = {
  purpose: "mortgage",
  realEstate: {
    type: "garage",
    address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
    region: "ba",
  },
};

function testimony(by: Journey, { token }: Person, key: string, changes: object = {}): Promise<Answer> {
  const headers = { "Idempotency-Key": key };
  return by.call("POST", "/api/v1/testimonies", { token, headers, body: { ...body, ...changes } });
}

const replayed = ({ headers }: Answer) => headers.get("Idempotent-Replayed");
/** What is left of the day, in rows and in bytes. */
const left = ({ headers }: Answer) => headers.get("RateLimit")?.match(/r=\d+/g);
const rowsLeft = ({ headers }: Answer) => Number(/"rows";r=(\d+)/.exec(headers.get("RateLimit") ?? "")?.[1]);

describe("on a full day", () => {
  it("a repeat is answered as before, and nothing else under a key is done", async () => {
    const client = await plenty.registerClient();
    const first = await testimony(one, client, "a");
    expect([first.status, rowsLeft(first)]).toEqual([201, 0]);
    for (const _ of ["once", "twice"]) {
      const again = await testimony(one, client, "a");
      expect([again.status, replayed(again), again.body]).toEqual([201, "true", first.body]);
    }
    const fresh = await testimony(one, client, "b");
    expect([fresh.status, fresh.body.code, rowsLeft(fresh)]).toEqual([429, "quota_exceeded", 0]);
    expect(Number(fresh.headers.get("Retry-After"))).toBeGreaterThan(0);
    const other = await testimony(one, client, "a", { purpose: "auction" });
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    // A key that was refused is free.
    const later = await testimony(plenty, client, "b");
    expect([later.status, replayed(later)]).toEqual([201, null]);
    const { body: list } = await plenty.must(200, "GET", "/testimonies", { token: client.token });
    expect(list.data).toHaveLength(2);
  });

  it("a repeat of what needed the lock and Stripe is answered as before", async () => {
    const shop = await Shop.open(plenty);
    const shopper = await shop.shopper();
    const little = withSettings({ DEVELOPER_ROWS_PER_DAY: "1" });
    const [order_id, account_id] = [newOrderId(), await shop.account()];
    const send = (by: Journey, key: string) =>
      by.call("POST", "/api/v1/transactions", {
        headers: { ...identity(shopper), "Idempotency-Key": key },
        body: { order_id, account_id, amount: 2500 },
      });
    const first = await send(plenty, "a");
    expect(first.status).toBe(201);
    const again = await send(little, "a");
    expect([again.status, replayed(again), again.body.data]).toEqual([201, "true", first.body.data]);
    expect((await send(little, "b")).status).toBe(429);
  });

  it("a repeat under the key of a transfer's body is answered as before", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const little = new TransfersJourney(withSettings({ APPLICATION_ROWS_PER_DAY: "1" }));
    const first = await walk.initiate(sender, receiver, { idempotencyKey: "a" });
    const again = await little.initiate(sender, receiver, { idempotencyKey: "a" });
    expect([again.status, replayed(again), again.body.data]).toEqual([201, "true", first.body.data]);
    const fresh = await little.initiate(sender, receiver, { idempotencyKey: "b" });
    expect([fresh.status, fresh.body.errorCode]).toEqual([429, "QUOTA_EXCEEDED"]);
  });

  it("what is never remembered is refused", async () => {
    const expert = await plenty.registerExpert();
    const little = withSettings({ USER_ROWS_PER_DAY: "1" });
    const headers = { "Idempotency-Key": "a" };
    await plenty.must(200, "POST", "/me/payout-account", { token: expert.token, headers });
    const again = await little.call("POST", "/api/v1/me/payout-account", { token: expert.token, headers });
    expect([again.status, again.body.code]).toEqual([429, "quota_exceeded"]);
  });
});

describe("on any day", () => {
  it("a repeat is not counted", async () => {
    const client = await plenty.registerClient();
    const three = withSettings({ USER_ROWS_PER_DAY: String(3 * ofTestimony), USER_BYTES_PER_DAY: "1000000" });
    const first = await testimony(three, client, "a");
    expect(rowsLeft(first)).toBe(2 * ofTestimony);
    for (let turn = 0; turn < 5; turn += 1) {
      const again = await testimony(three, client, "a");
      expect([replayed(again), left(again)]).toEqual(["true", left(first)]);
    }
    expect((await testimony(three, client, "b")).status).toBe(201);
    expect((await testimony(three, client, "c")).status).toBe(201);
    expect((await testimony(three, client, "d")).status).toBe(429);
  });
});
