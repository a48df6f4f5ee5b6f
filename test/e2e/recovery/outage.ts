import assert from "node:assert/strict";
import { Journey } from "../../journey.ts";
import { newOrderId, Shop } from "../../shop.ts";
import { stored } from "../kill/stored.ts";
import type { SandboxServer } from "../server.ts";

/** The time after the outage, by the sandbox's clock, in which everything must be finished. */
const boundSeconds = 10 * 60;

const outageMinutes = 60;
const width = 24;
const lookEveryMs = 500;

/**
 * Drills an outage: Stripe answers only 500s for an hour, while shoppers go on ordering, and each order leaves a call
 * with an unknown outcome. The clock is moved through the hour in `looks` steps. Then Stripe is back, and all calls
 * must end while new orders are made and answered.
 */
export async function drillOutage(
  server: SandboxServer,
  print: (line: string) => void,
  { calls, looks }: { calls: number; looks: number },
): Promise<void> {
  const journey = new Journey((request) => fetch(request), server.url);
  await journey.reset();
  const shop = await Shop.open(journey);
  const world = { accountId: await shop.account(), shopper: await shop.shopper() };
  const order = () => shop.create(world.shopper, { order_id: newOrderId(), account_id: world.accountId, amount: 1000 });

  await journey.fault("POST /v1/payment_intents", "500", 1_000_000);
  await sideBySide(calls, async () => assert.equal((await order()).status, 503));
  print(`${calls} calls are open`);
  for (let look = 0; look < looks; look += 1) {
    await journey.advance((outageMinutes / looks) * 60);
    print(`${(outageMinutes / looks) * (look + 1)} minutes of the outage are over`);
  }
  assert.equal(openCalls(server), calls, "open calls when the outage ends");
  await journey.control("DELETE", "faults");

  const endedAt = await clockOf(journey);
  const { made, slowestMs } = await finish(server, journey, { order, endedAt });
  const seconds = (await clockOf(journey)) - endedAt;
  print(
    `${calls} calls, left open by an hour's outage, were finished ${seconds} s after it (at most ${boundSeconds}); ` +
      `${made} orders made meanwhile were all answered, the slowest in ${slowestMs} ms`,
  );
  assert.ok(seconds <= boundSeconds, `${calls} open calls took ${seconds} s of the sandbox's clock`);
  assert.equal(payments(server), calls + made, "one payment for each order");
}

/** Waits until no call is pending, ordering meanwhile. The clock moves by itself; it is moved if nothing is due yet. */
async function finish(
  server: SandboxServer,
  journey: Journey,
  { order, endedAt }: { order: () => ReturnType<Shop["create"]>; endedAt: number },
): Promise<{ made: number; slowestMs: number }> {
  let made = 0;
  let slowestMs = 0;
  while (openCalls(server) > 0) {
    const sinceMs = Date.now();
    assert.equal((await order()).status, 201, "an order made while the rest is finished");
    slowestMs = Math.max(slowestMs, Date.now() - sinceMs);
    made += 1;
    const now = await clockOf(journey);
    assert.ok(now - endedAt < 10 * boundSeconds, `${openCalls(server)} calls are still open`);
    const next = nextDueSeconds(server);
    if (next !== undefined && next > now) await journey.advance(Math.ceil(next - now));
    else await new Promise((done) => setTimeout(done, lookEveryMs));
  }
  return { made, slowestMs };
}

async function sideBySide(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async () => {
    for (; left > 0; ) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function openCalls({ stateDir }: SandboxServer): number {
  return Number(stored(stateDir, "SELECT count(*) AS n FROM stripe_effects WHERE state = 'open'")[0]?.n);
}

function nextDueSeconds({ stateDir }: SandboxServer): number | undefined {
  const [row] = stored(stateDir, "SELECT min(due_at) AS at FROM stripe_effects WHERE state = 'open'");
  return typeof row?.at === "number" ? row.at / 1000 : undefined;
}

/** Counts the payments at Stripe that our rows name. */
function payments({ stateDir }: SandboxServer): number {
  return Number(stored(stateDir, "SELECT count(DISTINCT stripe_id) AS n FROM payments")[0]?.n);
}

async function clockOf(journey: Journey): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds;
}
