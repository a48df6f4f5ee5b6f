import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkoutBody, Journey, type PaidSession } from "../journey";
import { expectBooksInOrder, journalCount, openEffectCount, outboxCount, outcomeOf } from "../outcome";
import { sequencerOf } from "./sequencer-of";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());
afterEach(async () => {
  expect(await openEffectCount()).toBe(0);
  await expectBooksInOrder(journey);
});

/** Waits until the fault has happened: from then on the command hangs between its pending call and its commit. */
async function untilHanging(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const { faults } = (await journey.control("GET", "faults")).body;
    if (faults.some(({ fired }: { fired: number }) => fired > 0)) return;
    await scheduler.wait(2);
  }
  throw new Error("the fault never fired");
}

/**
 * Starts work, aborts every object while it waits for Stripe, and returns how it ended for its caller: a status, or
 * "torn" if the caller's own request was aborted with the objects.
 */
async function interrupted(match: string, kind: string, work: () => Promise<{ status: number }>) {
  await journey.fault(match, kind);
  const end = work().then(
    ({ status }) => status,
    () => "torn" as const,
  );
  await untilHanging();
  await abortAllDurableObjects();
  return end;
}

async function expectAcceptedOnce(session: PaidSession): Promise<void> {
  expect(await journey.state(session)).toBe("accepted");
  expect(await journalCount(session.testimonyId, "accept-offer")).toBe(1);
  expect(await outboxCount(session.testimonyId, "offer.accepted")).toBe(1);
  expect(await outcomeOf(journey, session)).toEqual({
    sessions: ["complete"],
    paidMinor: 18_090,
    refunds: [],
    transfers: [{ amount: 14_950 }],
  });
  expect((await journey.accept(session)).status).toBe(204);
}

/** Makes a paid session of which no event ever arrives. */
async function silentlyPaid(): Promise<PaidSession> {
  const session = await journey.checkout(await journey.offerOnTable());
  await journey.advance(10);
  await journey.events("drop");
  await journey.pay(session);
  return session;
}

describe("every object torn down between claim and commit", () => {
  it.each(["timeout_before", "timeout_after"])("leaves one payable page (%s)", async (kind) => {
    const offer = await journey.offerOnTable();
    const input = checkoutBody();
    const match = "POST /v1/checkout/sessions";
    expect(await interrupted(match, kind, () => journey.startCheckout(offer, input))).toBe(503);
    expect(await journalCount(offer.testimonyId, "start-checkout")).toBe(1);
    await journey.advance(10);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["open"]);
    const session = await journey.checkout(offer, input);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["open"]);
    expect((await journey.pay(session)).status).toBe(303);
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(10);
    await expectAcceptedOnce(session);
  });

  it("leaves a confirmation that succeeds when repeated", async () => {
    const session = await silentlyPaid();
    const match = "GET /v1/checkout/sessions/*";
    expect(await interrupted(match, "timeout_after", () => journey.accept(session))).toBe(503);
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(10);
    await expectAcceptedOnce(session);
  });

  it("leaves a confirmation that the clock finishes when the client is gone", async () => {
    const session = await silentlyPaid();
    const match = "GET /v1/checkout/sessions/*";
    expect(await interrupted(match, "timeout_after", () => journey.accept(session))).toBe(503);
    await journey.advance(11 * 60);
    await journey.advance(10);
    await expectAcceptedOnce(session);
  });

  it("frees an idempotency key that was left behind", async () => {
    const session = await silentlyPaid();
    const key = { "Idempotency-Key": "left-behind" };
    const match = "GET /v1/checkout/sessions/*";
    expect(await interrupted(match, "timeout_after", () => journey.accept(session, key))).toBe(503);
    await journey.advance(60);
    expect((await journey.accept(session, key)).status).toBe(204);
    const replayed = await journey.accept(session, key);
    expect([replayed.status, replayed.headers.get("Idempotent-Replayed")]).toEqual([204, "true"]);
    await journey.advance(10);
    await expectAcceptedOnce(session);
  });

  it.each(["timeout_before", "timeout_after"])("sends one transfer (%s)", async (kind) => {
    const session = await journey.paidOffer();
    expect((await journey.accept(session)).status).toBe(204);
    await interrupted("POST /v1/transfers", kind, () => journey.advance(10));
    for (const seconds of [10, 10, 60]) await journey.advance(seconds);
    await expectAcceptedOnce(session);
  });

  it.each(["timeout_before", "timeout_after"])("returns a payment once (%s)", async (kind) => {
    const session = await silentlyPaid();
    const path = `/testimonies/${session.testimonyId}/cancel`;
    await journey.must(204, "POST", path, { token: session.client.token, body: {} });
    await interrupted("POST /v1/refunds", kind, () => journey.advance(10));
    for (const seconds of [10, 10, 60]) await journey.advance(seconds);
    expect(await journey.state(session)).toBe("cancelled");
    expect(await outcomeOf(journey, session)).toMatchObject({
      refunds: [{ amount: 18_090, status: "succeeded" }],
      transfers: [],
    });
    expect(await outboxCount(session.testimonyId, "offer.payment_returned")).toBe(1);
  });
});

describe("an evicted sequencer", () => {
  it("remembers nothing that is needed: each step after an eviction goes on", async () => {
    const offer = await journey.offerOnTable();
    await journey.advance(10);
    await journey.events("drop"); // so that only these steps trigger it
    const session = await journey.checkout(offer);
    await evictDurableObject(sequencerOf(session));
    await journey.pay(session);
    expect((await journey.accept(session)).status).toBe(204);
    await evictDurableObject(sequencerOf(session));
    expect((await journey.accept(session, { "Idempotency-Key": "through-the-lock" })).status).toBe(204);
    await journey.advance(10);
    await expectAcceptedOnce(session);
  });

  it("loses no command that waits for its turn", async () => {
    const session = await silentlyPaid();
    const answers = Array.from({ length: 20 }, () => journey.accept(session));
    await scheduler.wait(10);
    await evictDurableObject(sequencerOf(session));
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([204]));
    await journey.advance(10);
    await expectAcceptedOnce(session);
  });
});
