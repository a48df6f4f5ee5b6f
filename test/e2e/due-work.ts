import assert from "node:assert/strict";
import { Journey, type PaidSession } from "../journey.ts";
import type { SandboxServer } from "./server.ts";

const patienceMs = 60_000;

/**
 * Tests that due work happens by itself within seconds, without moving the clock or calling the sweep. The events are
 * dropped, so that they do not help.
 */
export async function dueWorkRunsByItself(server: SandboxServer): Promise<void> {
  const journey = new Journey((request) => fetch(request), server.url);
  await journey.events("drop");

  const confirmed = await journey.paidOffer();
  assert.equal((await journey.accept(confirmed)).status, 204);
  await isPaidOut(journey, confirmed, "after the client's confirmation");

  await journey.fault("POST /v1/transfers", "500");
  const refusedOnce = await journey.paidOffer();
  assert.equal((await journey.accept(refusedOnce)).status, 204);
  await isPaidOut(journey, refusedOnce, "after Stripe failed once");
  assert.equal((await journey.control("GET", "faults")).body.faults[0].fired, 1, "the fault");

  await journey.fault("POST /v1/transfers", "timeout_before");
  const cutOff = await journey.paidOffer();
  assert.equal((await journey.accept(cutOff)).status, 204);
  await server.kill();
  await server.restart();
  await isPaidOut(journey, cutOff, "after a kill");

  await journey.control("DELETE", "faults");
  await journey.events("deliver");
}

async function isPaidOut(journey: Journey, { testimonyId }: PaidSession, when: string): Promise<void> {
  const sinceMs = Date.now();
  while (Date.now() - sinceMs < patienceMs) {
    const transfers = await journey.stripe(`/transfers?transfer_group=${testimonyId}`);
    if (transfers.data.length > 0) {
      console.log(`the expert is paid ${((Date.now() - sinceMs) / 1000).toFixed(1)} s ${when}`);
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`no payout within ${patienceMs / 1000} s ${when}`);
}
