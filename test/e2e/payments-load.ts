/**
 * `npm run test:payments`: sixteen connections create payments for ten seconds. Then every answered 201 must be a row,
 * every row a PaymentIntent, and no others may exist. `-- --connections=16 --seconds=10`
 */
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { cease, fire, type Shot } from "../bench/load.ts";
import { Journey } from "../journey.ts";
import { identity, newOrderId, Shop, type Shopper } from "../shop.ts";
import { all } from "./kill/at-stripe.ts";
import { stored } from "./kill/stored.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({ options: { connections: { type: "string" }, seconds: { type: "string" } } });
const connections = Number(values.connections ?? 16);
const seconds = Number(values.seconds ?? 10);

const server = await startServer();
const journey = new Journey((request) => fetch(request), server.url);
const shop = await Shop.open(journey);
const shopper = await shop.shopper();
const accountId = await shop.account();

const load = await fire(newPayments(), connections);
cease();
const answered = load.bodies.map((body): string => JSON.parse(body).data.transaction_id);
console.log(
  `${connections} connections, ${seconds} s: ${answered.length} payments answered 201, ${load.perSecond.toFixed(0)} a second, ` +
    `p50 ${load.p50Ms.toFixed(0)} ms, p99 ${load.p99Ms.toFixed(0)} ms`,
);

const rows = stored(server.stateDir, "SELECT id, stripe_id FROM payments");
const listed = await everyListed(shopper);
const intents = await all<{ id: string; metadata: { payment_id: string } }>(journey, "/payment_intents", accountId);
const ledger = await journey.ledgerCheck();
console.log(
  `found afterwards: ${rows.length} rows, ${listed.length} in the list, ${intents.length} PaymentIntents ` +
    `of ${new Set(intents.map(({ metadata }) => metadata.payment_id)).size} payments; the ledger ${ledger.ok ? "adds up" : "does not add up"}`,
);

assert.ok(answered.length > connections, "each connection made some");
assertSame(
  rows.map((row) => String(row.stripe_id)),
  answered,
  "rows found = 201s answered",
);
assertSame(listed, answered, "listed = 201s answered");
assertSame(
  intents.map(({ id, metadata }) => `${id} of ${metadata.payment_id}`),
  rows.map((row) => `${row.stripe_id} of ${row.id}`),
  "one PaymentIntent for each row",
);
assert.ok(ledger.ok, JSON.stringify(ledger));
await server.remove();
console.log("ok");

/** Generates payments, each for an order of its own, until the time is over. */
function* newPayments(): Generator<Shot> {
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    const orderId = newOrderId();
    yield {
      method: "POST",
      url: `${server.url}/api/v1/transactions`,
      headers: { ...identity(shopper), "Idempotency-Key": orderId },
      body: JSON.stringify({ order_id: orderId, account_id: accountId, amount: 1000 }),
      expected: 201,
    };
  }
}

/** Reads all pages of the list that the shopper's app sees. */
async function everyListed(by: Shopper): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ""; ; cursor = `&starting_after=${found.at(-1)}`) {
    const { status, body } = await shop.ask(by, "GET", `/transactions?limit=100${cursor}`);
    assert.equal(status, 200, JSON.stringify(body));
    found.push(...body.data.map(({ transaction_id }: { transaction_id: string }) => transaction_id));
    if (body.data.length < 100) return found;
  }
}

/** Asserts that both contain the same, each once. */
function assertSame(found: readonly string[], expected: readonly string[], what: string): void {
  assert.deepEqual(found.toSorted(), expected.toSorted(), what);
}
