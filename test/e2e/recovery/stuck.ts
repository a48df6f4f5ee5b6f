import assert from "node:assert/strict";
import { Journey } from "../../journey.ts";
import { newOrderId, Shop } from "../../shop.ts";
import { stored } from "../kill/stored.ts";
import type { SandboxServer } from "../server.ts";

/** The most runs of the sweep before a row has its turn, whatever is before it. */
const boundRuns = 2;

const stuck = 40;
const patienceMs = 60_000;

/**
 * Drills stuck rows: orders that were cancelled before Stripe had made their payments, whose outcomes nobody can learn.
 * These forty rows, which nobody can settle, are due before a payment that succeeded and whose events were lost.
 */
export async function drillStuck(server: SandboxServer, print: (line: string) => void): Promise<void> {
  const journey = new Journey((request) => fetch(request), server.url);
  await journey.reset();
  const shop = await Shop.open(journey);
  const world = { accountId: await shop.account(), shopper: await shop.shopper() };
  const waiting = await shop.ordered({}, {}, world);
  await shop.confirm(waiting, { payment_method_id: "pm_card_authenticationRequired" });
  for (const call of ["POST", "GET"]) await journey.fault(`${call} /v1/payment_intents`, "500", 1_000_000);
  for (let made = 0; made < stuck; made += 1) {
    const orderId = newOrderId();
    await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId });
    assert.equal((await shop.create(world.shopper, { order_id: orderId })).status, 503);
    assert.equal((await shop.cancelOrder({ orderId })).status, 200);
  }
  await journey.events("drop");
  await shop.authenticate(waiting, "approve");
  assert.equal(stateOf(server, waiting.transactionId), "requires_action");

  const before = server.output().length;
  await journey.advance(11 * 60);
  const untilMs = Date.now() + patienceMs;
  while (stateOf(server, waiting.transactionId) !== "succeeded") {
    assert.ok(Date.now() < untilMs, "the payment is still not known to have succeeded");
    await new Promise((done) => setTimeout(done, 100));
  }
  const [left] = stored(server.stateDir, "SELECT count(*) AS n FROM payments WHERE state = 'creating'");
  const runs = runsIn(server.output().slice(before)).filter(({ lateMs }) => lateMs && "unpaid_payment" in lateMs);
  print(
    `${left?.n} payments that cannot be settled kept one that could waiting for ${runs.length} runs of the sweep (at most ${boundRuns})`,
  );
  assert.equal(left?.n, stuck, "payments that cannot be settled");
  assert.ok(runs.length > 0 && runs.length <= boundRuns, `it was due in ${runs.length} runs`);
}

function stateOf({ stateDir }: SandboxServer, intent: string): unknown {
  return stored(stateDir, `SELECT state FROM payments WHERE stripe_id = '${intent}'`)[0]?.state;
}

/** Returns what the sweep's runs have logged: which kinds were due when each began. */
function runsIn(output: string): { lateMs?: Record<string, number> }[] {
  const lines = output.match(/\{"level":"info","event":"sweep".*\}/g) ?? [];
  return lines.map((line) => JSON.parse(line));
}
