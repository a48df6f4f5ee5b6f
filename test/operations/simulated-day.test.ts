import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { createApp } from "../../src/app";
import type { Owner, Stored } from "../../src/domain/quota";
import { readEnvironment } from "../../src/env";
import { priceOf } from "../../src/http/prices";
import { type Answer, Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";

/*
 * One account against the limits of production, for a day: it sends the largest bodies, each under a key of its own,
 * until it is refused. What the database has grown by stays within what the account may store. A developer and an
 * application have room for more than a test can fill, so the first part of their day is counted at once, and the end of
 * it is sent: no request may store more than it counts.
 */

const unlimited = Object.fromEntries(
  Object.entries(env as unknown as Record<string, unknown>).filter(([name]) => !/_PER_DAY$|^OPEN_ROWS$/.test(name)),
);
const production = readEnvironment(unlimited);
const plenty = new Journey((request) => exports.default.fetch(request));
const app = createApp();

let meter: Stored & { requests: number };

/** Sends with the limits of production, and counts the rows that D1 says were written. */
const limited = new Journey(async (request) => {
  const response = (await app.fetch(request, unlimited)) as Response;
  meter.rows += Number(/written=(\d+)/.exec(response.headers.get("Accord-Cost") ?? "")?.[1]);
  meter.requests += 1;
  return response;
});

beforeEach(async () => {
  await plenty.reset();
  meter = { rows: 0, bytes: 0, requests: 0 };
});

async function sizeOfDatabase(): Promise<number> {
  const { meta } = await env.DB.prepare("select 1").all();
  return meta.size_after;
}

/** Counts the first part of an owner's day at once, and leaves so much of it. */
async function leave(owner: Owner, most: Stored, left: Stored): Promise<void> {
  const limiter = env.LIMITER.get(env.LIMITER.idFromName(`day:${owner.kind}:${owner.id}`));
  const nowMs = (await plenty.control("GET", "clock")).body.nowSeconds * 1000;
  const price = { rows: most.rows - left.rows, bytes: most.bytes - left.bytes, reserve: false };
  await limiter.spend({ rows: 0, bytes: 0 }, price, nowMs);
}

/** Sends until the day has no room for another, and returns what the database has grown by. */
async function fillDay(kind: string, send: () => Promise<Answer>): Promise<Stored> {
  const before = await sizeOfDatabase();
  for (;;) {
    const answer = await send();
    if (answer.status === 429) {
      expect(String(answer.body.code ?? answer.body.errorCode)).toMatch(/^quota_exceeded$/i);
      expect(answer.headers.get("RateLimit")).toContain("rows");
      break;
    }
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  }
  meter.bytes = (await sizeOfDatabase()) - before;
  console.log(`${kind}: ${meter.requests} requests, ${meter.rows} rows and ${meter.bytes} bytes`);
  return meter;
}

const perMinute = 600;
const minutes = 24 * 60;

/** Prints what a day stores beside what it stored before: as many requests as the shield lets through. */
function compare(kind: string, most: Stored, bytesBefore: number): void {
  const before = (perMinute * minutes * bytesBefore) / 1e9;
  console.log(
    `${kind}: at most ${most.rows} rows and ${most.bytes / 1e6} MB a day; before, ${perMinute} a minute of ${bytesBefore} bytes: ${before.toFixed(0)} GB a day`,
  );
}

const key = () => ({ "Idempotency-Key": crypto.randomUUID() });

/** Makes the most bytes of so many UTF-16 units. */
const dense = (length: number) => "中".repeat(length);
const metadata = { note: dense(4_084) };

const largest = {
  purpose: "mortgage",
  realEstate: {
    type: "garage",
    address: { line1: dense(255), line2: dense(255), city: dense(255), postalCode: dense(255) },
  },
  notes: "😀".repeat(10_000),
};
const smallest = {
  purpose: "mortgage",
  realEstate: { type: "garage", address: { line1: "1", city: "N", postalCode: "9" } },
};

it.each([
  ["the largest bodies", largest],
  ["the smallest bodies", smallest],
])("a client who sends %s stays within the day", async (size, body) => {
  const { token } = await plenty.registerClient();
  const most = { rows: production.USER_ROWS_PER_DAY, bytes: production.USER_BYTES_PER_DAY };
  const cancellationReason = dense(1_000);
  const filled = await fillDay(`a client with ${size}`, async () => {
    const made = await limited.call("POST", "/api/v1/testimonies", { token, body, headers: key() });
    if (made.status !== 201) return made;
    const path = `/api/v1/testimonies/${made.body.data.id}/cancel`;
    return limited.call("POST", path, { token, body: { cancellationReason }, headers: key() });
  });
  // The last testimony may be cancelled although nothing is left.
  const { rows, bytes } = priceOf("cancel-testimony", JSON.stringify({ cancellationReason }).length * 3);
  expect(filled.rows).toBeLessThanOrEqual(most.rows + rows);
  expect(filled.bytes).toBeLessThanOrEqual(most.bytes + bytes);
  compare("a client", most, 120_000);
});

it("an application stays within the end of its day", async () => {
  const walk = new TransfersJourney(plenty);
  const narrow = new TransfersJourney(limited);
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  const most = { rows: production.APPLICATION_ROWS_PER_DAY, bytes: production.APPLICATION_BYTES_PER_DAY };
  const left = { rows: 10_000, bytes: 1_500_000 };
  await leave({ kind: "application", id: sender.id }, most, left);
  let turn = 0;
  const filled = await fillDay("the end of an application's day", () => {
    turn += 1;
    const imageUrl = `https://images.example.com/${dense(970)}`;
    const subject = { externalId: `${turn}${dense(250)}`, displayName: dense(150), imageUrl, metadata };
    if (turn % 2 === 0) return narrow.ask(sender, "POST", "/subjects", subject, key());
    const callbackUrl = `http://localhost:8787/sandbox/inbox/${"x".repeat(460)}`;
    const terms = { narration: dense(500), callbackUrl, externalId: `${turn}${dense(250)}`, metadata };
    return narrow.initiate(sender, receiver, terms, key());
  });
  expect(filled.rows).toBeLessThanOrEqual(left.rows);
  expect(filled.bytes).toBeLessThanOrEqual(left.bytes);
  compare("an application", most, 60_000);
});

it("a developer stays within the end of the day", async () => {
  const shop = await Shop.open(plenty);
  const narrow = new Shop(limited, shop);
  const [shopper, accountId] = [await shop.shopper(), await shop.account()];
  const { body } = await plenty.call("GET", "/api/v1/admin/developers", { token: "admin_sandbox" });
  const most = { rows: production.DEVELOPER_ROWS_PER_DAY, bytes: production.DEVELOPER_BYTES_PER_DAY };
  const left = { rows: 10_000, bytes: 1_500_000 };
  await leave({ kind: "developer", id: body.data[0].id }, most, left);
  const details = {
    description: dense(1_000),
    metadata: Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`key${at}`, dense(490)])),
  };
  let turn = 0;
  const filled = await fillDay("the end of a developer's day", () => {
    turn += 1;
    const order_id = `${newOrderId()}${dense(200)}`;
    const terms = { account_id: accountId, amount: 1000 };
    if (turn % 2 === 0) return narrow.putOrder(encodeURIComponent(order_id), terms);
    return narrow.create(shopper, { ...terms, order_id, ...details }, key());
  });
  expect(filled.rows).toBeLessThanOrEqual(left.rows);
  expect(filled.bytes).toBeLessThanOrEqual(left.bytes);
  compare("a developer", most, 60_000);
});
