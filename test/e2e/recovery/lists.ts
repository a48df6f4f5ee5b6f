import assert from "node:assert/strict";
import { Journey } from "../../journey.ts";
import { newOrderId, Shop } from "../../shop.ts";
import { stored } from "../kill/stored.ts";
import type { SandboxServer } from "../server.ts";

const eventCount = 50_000;
const newerCount = 5_000;
const patienceMs = 10 * 60_000;

/** Drills that Stripe's lists are read to their end, however long they are. Resets the server. */
export async function drillLists(server: SandboxServer, print: (line: string) => void): Promise<void> {
  const journey = new Journey((request) => fetch(request), server.url);
  await journey.reset();
  await findLostPayment(journey, print);
  await journey.reset();
  await readLostEvents(journey, server, print);
  await journey.reset();
}

/** Reads an hour of lost events, 50,000 of them. */
async function readLostEvents(journey: Journey, server: SandboxServer, print: (line: string) => void): Promise<void> {
  await until("the list was read once", () => cursor(server) > 0);
  const from = await now(journey);
  const to = from + 60 * 60;
  await journey.control("POST", "fill", { kind: "events", count: eventCount, from, to });
  const sinceMs = Date.now();
  await journey.advance(to - from + 60);
  const stops = new Set<string>();
  let askedAt = Date.now();
  await until(`${eventCount} events were read`, () => {
    const read = readEvents(server);
    for (const { position } of underway(server)) stops.add(String(position));
    if (Date.now() - askedAt > 10_000) {
      askedAt = Date.now();
      print(`  ${read} of ${eventCount} events are read`);
    }
    return read === eventCount && cursor(server) >= to * 1000;
  });
  const { requests } = (await journey.control("GET", "requests?match=GET%20/v1/events")).body;
  assert.ok(requests.length < (eventCount / 100) * 1.2, `${requests.length} pages: the same was read again and again`);
  print(
    `a span with ${eventCount} events is read to its end: ${requests.length} pages of 100 in ${stops.size + 1} runs, ` +
      `${((Date.now() - sinceMs) / 1000).toFixed(0)} s; the cursor has moved on`,
  );
}

/** Finds a payment whose answer was lost, among 5,000 others that were made after it. */
async function findLostPayment(journey: Journey, print: (line: string) => void): Promise<void> {
  const shop = await Shop.open(journey);
  const accountId = await shop.account();
  const shopper = await shop.shopper();
  await shop.paid({}, { accountId, shopper });
  await journey.fault("POST /v1/payment_intents", "500_after", 1);
  const terms = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
  assert.equal((await shop.create(shopper, terms)).status, 503, "the answer is lost");
  const from = (await now(journey)) + 1;
  const filled = { kind: "payment_intents", account: accountId, count: newerCount, from, to: from + 20 };
  await journey.control("POST", "fill", filled);
  await journey.advance(6 * 60);
  await until("the payment was found", async () => (await shop.create(shopper, terms)).status < 300);
  const keys = new Set(
    (await journey.control("GET", "requests?match=POST%20/v1/payment_intents")).body.requests.map(
      ({ idempotencyKey }: { idempotencyKey: string }) => idempotencyKey,
    ),
  );
  assert.equal(keys.size, 2, "it was made again instead of being found");
  const { requests } = (await journey.control("GET", "requests?match=GET%20/v1/payment_intents")).body;
  print(`a payment behind ${newerCount} newer ones is found after ${requests.length} pages, and not made again`);
}

async function now(journey: Journey): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds;
}

function readEvents({ stateDir }: SandboxServer): number {
  return Number(stored(stateDir, "select count(*) as n from stripe_events where id like 'evt_filled_%'")[0]?.n);
}

/** Returns the time up to which the platform's events are read, in milliseconds. */
function cursor({ stateDir }: SandboxServer): number {
  return Number(stored(stateDir, "select value from cursors where name = 'stripe-events'")[0]?.value ?? 0);
}

/**
 * Returns the position at which the reading of the platform's events has stopped, if it is under way. Each run writes
 * it once.
 */
function underway({ stateDir }: SandboxServer): { position: string }[] {
  return stored(stateDir, "select position from cursors where position is not null") as { position: string }[];
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > endMs) assert.fail(`never happened: ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}
