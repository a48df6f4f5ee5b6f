import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cards, Journey, type PaidSession } from "../../journey";
import { expectBooksInOrder, journalCount, outboxCount, outcomeOf } from "../../outcome";
import { rows } from "../rows";
import { refundAtStripe } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));

/** Longer than a delayed method takes to decide. */
const decisionSeconds = 61;
/** Longer than the clock waits before it checks a checkout without events. */
const lookSeconds = 11 * 60;

beforeEach(() => journey.reset());
afterEach(() => expectBooksInOrder(journey));

async function expectAccepted(session: PaidSession): Promise<void> {
  expect(await journey.state(session)).toBe("accepted");
  await journey.advance(10);
  expect(await journalCount(session.testimonyId, "accept-offer")).toBe(1);
  expect(await outboxCount(session.testimonyId, "offer.accepted")).toBe(1);
  expect(await outcomeOf(journey, session)).toEqual({
    sessions: ["complete"],
    paidMinor: 18_090,
    refunds: [],
    transfers: [{ amount: 14_950 }],
  });
  expect((await journey.accept(session)).status).toBe(204);
  expect((await journey.accept(session)).status).toBe(204);
  expect(await journalCount(session.testimonyId, "accept-offer")).toBe(1);
}

async function expectReturned(session: PaidSession): Promise<void> {
  await journey.advance(10);
  expect(await journey.state(session)).toBe("cancelled");
  expect(await outcomeOf(journey, session)).toEqual({
    sessions: ["complete"],
    paidMinor: 18_090,
    refunds: [{ amount: 18_090, status: "succeeded" }],
    transfers: [],
  });
  expect(await outboxCount(session.testimonyId, "offer.payment_returned")).toBe(1);
  expect((await journey.accept(session)).status).toBe(422);
}

function cancel(session: PaidSession) {
  return journey.must(204, "POST", `/testimonies/${session.testimonyId}/cancel`, {
    token: session.client.token,
    body: {},
  });
}

describe("paid and never confirmed", () => {
  it("is accepted by the event alone, and a later confirmation is a success", async () => {
    const session = await journey.paidOffer();
    await journey.advance(0);
    await expectAccepted(session);
  });

  it("is accepted by events that come twice", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("duplicate");
    await journey.pay(session);
    await journey.advance(0);
    await expectAccepted(session);
  });

  it("is accepted by events that come in any order", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("hold");
    await journey.pay(session);
    await journey.events("shuffle");
    await journey.flushEvents();
    await journey.advance(0);
    await expectAccepted(session);
  });

  it("is accepted by the clock when every event is dropped and the client is gone", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.advance(10);
    await journey.events("drop");
    await journey.pay(session);
    await journey.advance(60);
    expect(await journey.state(session)).toBe("offered");
    await journey.advance(lookSeconds);
    await expectAccepted(session);
  });

  it("is accepted by the clock alone, without Stripe's list of events", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    await journey.pay(session);
    await journey.fault("GET /v1/events", "429", 1_000);
    await journey.advance(lookSeconds);
    await expectAccepted(session);
  });

  it("is accepted by the clock although the page has long closed", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    await journey.pay(session);
    await journey.advance(3 * 24 * 60 * 60);
    await expectAccepted(session);
  });

  it("is returned when the testimony was cancelled before anybody heard of the payment", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    await journey.pay(session);
    await cancel(session);
    await expectReturned(session);
  });
});

describe("a delayed method", () => {
  for (const told of ["deliver", "drop"] as const) {
    const hearing = told === "deliver" ? "with events" : "with every event dropped";

    async function payLater(card: string): Promise<PaidSession> {
      const session = await journey.checkout(await journey.offerOnTable());
      await journey.advance(10);
      await journey.events(told);
      expect((await journey.pay(session, card)).status).toBe(303);
      await journey.advance(0);
      return session;
    }

    /** Waits for the decision, and for the clock's check (of a processing payment: hourly). */
    async function untilDecided(): Promise<void> {
      await journey.advance(decisionSeconds);
      if (told === "drop") await journey.advance(2 * 60 * 60);
    }

    it(`that succeeds is accepted, ${hearing}`, async () => {
      const session = await payLater(cards.delayedSucceeds);
      expect(await journey.accept(session)).toMatchObject({ status: 422, body: { code: "payment_processing" } });
      expect(await journey.state(session)).toBe("offered");
      await untilDecided();
      await expectAccepted(session);
    });

    it(`that fails leaves the offer on the table, ${hearing}`, async () => {
      const session = await payLater(cards.delayedFails);
      await untilDecided();
      expect(await journey.accept(session)).toMatchObject({ status: 422, body: { code: "payment_failed" } });
      expect(await journey.state(session)).toBe("offered");
      expect(await outcomeOf(journey, session)).toMatchObject({ paidMinor: 0, refunds: [], transfers: [] });
      const again = await journey.checkout(session);
      await journey.events("deliver");
      expect((await journey.pay(again)).status).toBe(303);
      expect((await journey.accept(again)).status).toBe(204);
      await journey.advance(10);
    });

    it(`that succeeds after the testimony was cancelled is returned, ${hearing}`, async () => {
      const session = await payLater(cards.delayedSucceeds);
      await cancel(session);
      await journey.advance(10);
      expect(await outcomeOf(journey, session)).toMatchObject({ paidMinor: 0, refunds: [] });
      await untilDecided();
      await expectReturned(session);
    });

    it(`that fails after the testimony was cancelled needs nothing, ${hearing}`, async () => {
      const session = await payLater(cards.delayedFails);
      await cancel(session);
      await untilDecided();
      await journey.advance(10);
      expect(await journey.state(session)).toBe("cancelled");
      expect(await outcomeOf(journey, session)).toEqual({
        sessions: ["complete"],
        paidMinor: 0,
        refunds: [],
        transfers: [],
      });
      expect((await journey.accept(session)).status).toBe(422);
    });
  }

  it("that succeeds after another offer was accepted is returned", async () => {
    const first = await journey.checkout(await journey.offerOnTable());
    const expert = await journey.registerExpert();
    await journey.onboard(expert);
    const offerId = await journey.createOffer(expert, first.testimonyId, 99);
    const second = await journey.checkout({ ...first, expert, offerId });
    await journey.pay(first, cards.delayedSucceeds);
    await journey.pay(second);
    expect((await journey.accept(second)).status).toBe(204);
    await journey.advance(decisionSeconds);
    await journey.advance(10);
    expect(await outcomeOf(journey, first)).toEqual({
      sessions: ["complete", "complete"],
      paidMinor: 18_090 + 11_979,
      refunds: [{ amount: 18_090, status: "succeeded" }],
      transfers: [{ amount: 9_900 }],
    });
    expect((await journey.accept(first)).status).toBe(422);
    expect((await journey.accept(second)).status).toBe(204);
  });
});

describe("a charge whose fee Stripe tells later", () => {
  it("pays the expert when the charge is updated, before the clock would look", async () => {
    await journey.control("POST", "fees", { mode: "always_late" });
    const session = await journey.paidOffer();
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(0);
    expect((await outcomeOf(journey, session)).transfers).toEqual([]);
    await journey.advance(lookSeconds / 3);
    expect((await outcomeOf(journey, session)).transfers).toEqual([{ amount: 14_950 }]);
  });

  /** The ways in which the money is returned before Stripe has named the fee. */
  const returns: [string, (session: PaidSession) => Promise<unknown>][] = [
    ["by us, because its testimony was cancelled", (session) => cancel(session)],
    ["by another hand, all of it", (session) => refundAtStripe(journey, session)],
    ["by another hand in part, and by us the rest", (session) => refundAtStripe(journey, session, 5_000)],
    [
      "in vain: the refund fails afterwards",
      async (session) => {
        await journey.control("POST", "refunds", { next: "succeed_then_fail" });
        await cancel(session);
      },
    ],
  ];

  it.each(returns)("is booked although the money went back before, %s, and no event came", async (_, goesBack) => {
    await journey.control("POST", "fees", { mode: "always_late" });
    await journey.events("drop");
    const session = await journey.paidOffer();
    await goesBack(session);
    await journey.accept(session);
    for (const seconds of [61, lookSeconds, 65 * 60, 25 * 60 * 60]) await journey.advance(seconds);
    expect((await outcomeOf(journey, session)).transfers).toEqual([]);
    const [checkout] = await rows<{ fee_minor: number; due_at: number | null }>("select * from checkouts");
    expect(checkout).toMatchObject({ fee_minor: 296, due_at: null });
  });

  it("is no late one, because sessions are captured at once", async () => {
    await journey.control("POST", "fees", { mode: "late" });
    const session = await journey.paidOffer();
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(0);
    expect((await outcomeOf(journey, session)).transfers).toEqual([{ amount: 14_950 }]);
  });
});
