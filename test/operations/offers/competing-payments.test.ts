import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { expectBooksInOrder, journalCount, outboxCount, outcomeOf } from "../../outcome";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());
afterEach(() => expectBooksInOrder(journey));

/** Makes one testimony with two experts and two paid sessions, while Stripe's events are held. */
async function twoPaidOffers(): Promise<[PaidSession, PaidSession]> {
  const first = await journey.offerOnTable({ price: 149.5 });
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  const { testimonyId, client } = first;
  const second = { testimonyId, client, expert, offerId: await journey.createOffer(expert, testimonyId, 99) };
  await journey.advance(10);
  await journey.events("hold");
  const sessions: [PaidSession, PaidSession] = [await journey.checkout(first), await journey.checkout(second)];
  for (const session of sessions) expect((await journey.pay(session)).status).toBe(303);
  return sessions;
}

/** Expects that one payment won, and the other was fully refunded once. */
async function expectOneWinner(sessions: readonly [PaidSession, PaidSession]): Promise<void> {
  const [{ testimonyId }] = sessions;
  const { refunds, transfers, ...paid } = await outcomeOf(journey, sessions[0]);
  expect(paid).toEqual({ sessions: ["complete", "complete"], paidMinor: 18_090 + 11_979 });
  expect([refunds, transfers]).toBeOneOf([
    [[{ amount: 11_979, status: "succeeded" }], [{ amount: 14_950 }]],
    [[{ amount: 18_090, status: "succeeded" }], [{ amount: 9_900 }]],
  ]);
  expect(await journalCount(testimonyId, "accept-offer")).toBe(1);
  expect(await outboxCount(testimonyId, "offer.accepted")).toBe(1);
  expect(await outboxCount(testimonyId, "offer.payment_returned")).toBe(1);
  const answers = await Promise.all(sessions.map((session) => journey.accept(session)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 422]);
}

describe("two offers of one testimony, both paid", () => {
  it("accepts one of two confirmed at once, and returns the other's money without being asked", async () => {
    const sessions = await twoPaidOffers();
    const answers = await Promise.all(sessions.map((session) => journey.accept(session)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422]);
    const loser = answers.find(({ status }) => status === 422);
    expect(loser?.body).toMatchObject({
      detail: "Invalid session ID or payment not completed.",
      errors: { sessionId: ["Invalid session ID or payment not completed."] },
    });
    // The answer and the return are one change: nobody has to come by first.
    expect(await rows("select state from refunds")).toHaveLength(1);
    await journey.advance(10);
    await expectOneWinner(sessions);
  });

  it("does the same when both events arrive at once, many times", async () => {
    const sessions = await twoPaidOffers();
    await journey.flushEvents(5);
    await journey.advance(10);
    await expectOneWinner(sessions);
  });

  it("does the same when confirmations and events cross", async () => {
    const sessions = await twoPaidOffers();
    const confirmations = Array.from({ length: 10 }, (_, at) => journey.accept(sessions[at % 2 === 0 ? 0 : 1]));
    await Promise.all([journey.flushEvents(3), ...confirmations]);
    await journey.events("deliver");
    await journey.advance(10);
    await expectOneWinner(sessions);
  });

  it("does the same when every event is dropped and nobody confirms", async () => {
    const sessions = await twoPaidOffers();
    await journey.advance(11 * 60);
    await journey.advance(10);
    await expectOneWinner(sessions);
  });

  it("expires the other session at Stripe when nobody has paid on it yet", async () => {
    const first = await journey.checkout(await journey.offerOnTable({ price: 149.5 }));
    const expert = await journey.registerExpert();
    const { testimonyId, client } = first;
    const offerId = await journey.createOffer(expert, testimonyId, 99);
    const second = await journey.checkout({ testimonyId, client, expert, offerId });
    await journey.pay(first);
    expect((await journey.accept(first)).status).toBe(204);
    await journey.advance(10);
    expect((await journey.pay(second)).status).not.toBe(303);
    expect(await outcomeOf(journey, first)).toEqual({
      sessions: ["complete", "expired"],
      paidMinor: 18_090,
      refunds: [],
      transfers: [{ amount: 14_950 }],
    });
    expect((await journey.accept(second)).status).toBe(422);
  });
});
