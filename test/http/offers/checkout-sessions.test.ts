import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { cards, Journey, type OfferOnTable, type PaidSession } from "../../journey";

const journey = new Journey((request) => exports.default.fetch(request));
const minute = 60;
const total = 180.9; // 149.50 and 21 %

beforeEach(() => journey.reset());

function look(sessionId: string, token?: string) {
  return journey.call("GET", `/api/v1/checkout-sessions/${sessionId}`, token === undefined ? {} : { token });
}

async function seen({ sessionId, client }: PaidSession) {
  const { status, body } = await look(sessionId, client.token);
  expect(status).toBe(200);
  return body.data;
}

async function opened(more: Partial<OfferOnTable> = {}): Promise<PaidSession> {
  return journey.checkout({ ...(await journey.offerOnTable({ price: 149.5, onboarded: false })), ...more });
}

/** A second offer for the testimony of a session, with a page of its own. */
async function rivalOf({ testimonyId, client }: PaidSession): Promise<PaidSession> {
  const expert = await journey.registerExpert();
  const offerId = await journey.createOffer(expert, testimonyId, 100);
  return journey.checkout({ testimonyId, offerId, client, expert });
}

describe("a payment page shows", () => {
  it("that it is open, with its address and its end", async () => {
    const session = await opened();
    expect(await seen(session)).toEqual({
      ...{ id: session.sessionId, state: "open", reason: null, pollAfterSeconds: 2 },
      ...{ testimonyId: session.testimonyId, offerId: session.offerId },
      ...{ amount: total, amountReturned: 0, url: session.url },
      expiresAt: expect.stringMatching(/\+00:00$/),
    });
  });

  it("that its payment has accepted the offer, by the event alone, and what an operator gave back", async () => {
    const session = await opened();
    await journey.pay(session);
    await journey.advance(1);
    expect(await seen(session)).toMatchObject({ state: "accepted", reason: null, pollAfterSeconds: null, url: null });
    const refund = (body: object) => journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, body);
    expect((await refund({ reason: "Late.", amount: 1_000 })).status).toBe(204);
    expect(await seen(session)).toMatchObject({ state: "accepted", amountReturned: 10 });
    expect((await refund({ reason: "Ill." })).status).toBe(204);
    await journey.advance(1);
    expect(await seen(session)).toMatchObject({ state: "returned", reason: "refund", amountReturned: total });
  });

  it.each([
    [cards.delayedSucceeds, { state: "accepted", reason: null }],
    [cards.delayedFails, { state: "expired", reason: "payment_failed" }],
  ])("that the bank takes days (%s), and how it ended", async (account, end) => {
    const session = await opened();
    await journey.pay(session, account);
    await journey.advance(1);
    expect(await seen(session)).toMatchObject({ state: "processing", reason: null, pollAfterSeconds: 3_600 });
    for (let days = 0; days < 7; days += 1) await journey.advance(24 * 60 * minute);
    expect(await seen(session)).toMatchObject({ ...end, pollAfterSeconds: null });
  });

  it("that another offer was accepted first: its money is here, and then back", async () => {
    const session = await opened();
    const rival = await rivalOf(session);
    await journey.events("hold");
    await journey.pay(session);
    await journey.pay(rival);
    expect((await journey.accept(session)).status).toBe(204);
    await journey.fault("POST /v1/refunds", "timeout_before", 1_000);
    expect((await journey.accept(rival)).status).toBe(422);
    expect(await seen(rival)).toMatchObject({ state: "paid", reason: "other_offer_accepted", pollAfterSeconds: 2 });
    await journey.control("DELETE", "faults");
    await journey.events("deliver");
    for (const seconds of [60, 120, 600]) await journey.advance(seconds);
    expect(await seen(rival)).toMatchObject({ state: "returned", reason: "other_offer_accepted", amountReturned: 121 });
  });

  it("that it was closed because another offer was accepted, its own withdrawn, or the testimony cancelled", async () => {
    const [first, second, third] = [await opened(), await opened(), await opened()];
    const rival = await rivalOf(first);
    await journey.pay(rival);
    expect((await journey.accept(rival)).status).toBe(204);
    const { token } = second.expert;
    await journey.must(204, "POST", `/testimonies/offers/${second.offerId}/withdraw`, { token });
    await journey.must(204, "POST", `/testimonies/${third.testimonyId}/cancel`, { token: third.client.token });
    await journey.advance(1);
    const ends = await Promise.all([first, second, third].map(seen));
    expect(ends.map(({ state, reason }) => [state, reason])).toEqual([
      ["expired", "other_offer_accepted"],
      ["expired", "offer_withdrawn"],
      ["expired", "testimony_cancelled"],
    ]);
  });

  it("that its time was over", async () => {
    const session = await opened();
    await journey.advance(62 * minute);
    await journey.advance(2 * minute);
    expect(await seen(session)).toMatchObject({ state: "expired", reason: null, pollAfterSeconds: null, url: null });
  });

  it("that money of it had gone back already", async () => {
    const session = await opened();
    await journey.events("hold");
    await journey.pay(session);
    const [charge] = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data;
    await journey.stripePost("/refunds", { charge: charge.id, amount: "100" });
    expect((await journey.accept(session)).status).toBe(422);
    await journey.advance(1);
    expect(await seen(session)).toMatchObject({ state: "returned", reason: "payment_returned" });
  });
});

it("asks Stripe nothing, however often it is looked at", async () => {
  const session = await opened();
  await journey.events("hold"); // an event would have Stripe asked
  await journey.pay(session);
  const asked = async () => (await journey.control("GET", "requests")).body.requests.length;
  const before = await asked();
  for (let times = 0; times < 5; times += 1) await seen(session);
  expect(await asked()).toBe(before);
});

describe("is unknown to", () => {
  it("everybody but its client, like one that does not exist", async () => {
    const session = await opened();
    const stranger = await journey.registerClient();
    await journey.pay(session);
    expect((await journey.accept(session)).status).toBe(204);
    const [charge] = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data;
    const answers = [
      await look(session.sessionId, stranger.token),
      await look(session.sessionId, session.expert.token),
      await look("cs_test_none", session.client.token),
      await look(charge.id, session.client.token),
      await look(charge.payment_intent, session.client.token),
    ];
    for (const { status, body } of answers) {
      const { requestId: _, ...rest } = body;
      expect([status, rest]).toEqual([404, { message: "Checkout session not found.", code: "session_unknown" }]);
    }
    expect((await look(session.sessionId)).status).toBe(401);
  });
});
