import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { expectBooksInOrder, journalCount, openEffectCount, outcomeOf } from "../../outcome";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());
afterEach(async () => {
  await expectBooksInOrder(journey);
  expect(await openEffectCount()).toBe(0);
});

/** Milliseconds by which the payment comes later than its rival; negative for earlier. */
const lags = [-10, 0, 5, 15];

const cancelled = (session: PaidSession) =>
  journey.call("POST", `/api/v1/testimonies/${session.testimonyId}/cancel`, { token: session.client.token, body: {} });

const withdrawn = (session: PaidSession) =>
  journey.call("POST", `/api/v1/testimonies/offers/${session.offerId}/withdraw`, {
    token: session.expert.token,
    body: {},
  });

async function race<A, B>(lagMs: number, first: () => Promise<A>, payment: () => Promise<B>): Promise<[A, B]> {
  const after = <T>(ms: number, work: () => Promise<T>) => scheduler.wait(Math.max(ms, 0)).then(work);
  return Promise.all([after(-lagMs, first), after(lagMs, payment)]);
}

/** Expects that nothing was paid, or everything was refunded, so that the loser of the race has lost no money. */
async function expectNothingKept(session: PaidSession): Promise<void> {
  const { sessions, paidMinor, refunds, transfers } = await outcomeOf(journey, session);
  expect(transfers).toEqual([]);
  expect([sessions, paidMinor, refunds]).toBeOneOf([
    [["expired"], 0, []],
    [["complete"], 18_090, [{ amount: 18_090, status: "succeeded" }]],
  ]);
}

async function expectPaidOut(session: PaidSession): Promise<void> {
  expect(await journey.state(session)).toBe("accepted");
  expect(await outcomeOf(journey, session)).toEqual({
    sessions: ["complete"],
    paidMinor: 18_090,
    refunds: [],
    transfers: [{ amount: 14_950 }],
  });
}

describe.each([
  { verb: "cancel", act: cancelled, endState: "cancelled" },
  { verb: "withdraw", act: withdrawn, endState: "offered" },
])("$verb racing a payment", ({ act, endState }) => {
  it.each(lags)("with the payment %i ms behind: accepted and paid out, or nothing is kept", async (lagMs) => {
    const session = await journey.checkout(await journey.offerOnTable());
    const [answer, { paid, accepted }] = await race(
      lagMs,
      () => act(session),
      async () => {
        const paid = await journey.pay(session);
        return { paid, accepted: await journey.accept(session) };
      },
    );
    await journey.advance(10);
    await journey.advance(10);
    expect([answer.status, accepted.status]).toBeOneOf([
      [204, 422],
      [409, 204],
    ]);
    if (answer.status === 409) {
      await expectPaidOut(session);
    } else {
      expect(await journey.state(session)).toBe(endState);
      expect(await journalCount(session.testimonyId, "accept-offer")).toBe(0);
      await expectNothingKept(session);
      if (paid.status !== 303) expect((await outcomeOf(journey, session)).sessions).toEqual(["expired"]);
    }
  });

  it("closes an open page at Stripe", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    expect((await act(session)).status).toBe(204);
    await journey.advance(10);
    expect(await outcomeOf(journey, session)).toMatchObject({ sessions: ["expired"], paidMinor: 0 });
    expect((await journey.pay(session)).status).not.toBe(303);
    expect((await journey.accept(session)).status).toBe(422);
  });

  it("returns a payment whose events were lost", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    await journey.pay(session);
    expect((await act(session)).status).toBe(204);
    await journey.advance(10);
    expect((await outcomeOf(journey, session)).refunds).toEqual([{ amount: 18_090, status: "succeeded" }]);
    await expectNothingKept(session);
    expect((await journey.accept(session)).status).toBe(422);
  });

  it("returns such a payment soon, although Stripe could not be asked about it at first", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.advance(10);
    await journey.events("drop");
    await journey.pay(session);
    await journey.fault("GET /v1/checkout/sessions/*", "429");
    expect((await act(session)).status).toBe(204);
    await journey.advance(10);
    expect((await journey.control("GET", "faults")).body.faults).toMatchObject([{ fired: 1, times: 0 }]);
    await journey.advance(10);
    expect((await outcomeOf(journey, session)).refunds).toEqual([{ amount: 18_090, status: "succeeded" }]);
    await expectNothingKept(session);
  });

  it("comes too late after the acceptance", async () => {
    const session = await journey.paidOffer();
    expect((await journey.accept(session)).status).toBe(204);
    expect((await act(session)).status).toBe(409);
    await journey.advance(10);
    await expectPaidOut(session);
  });
});

describe("a page that expires", () => {
  it("is closed by the clock, with events and without", async () => {
    for (const mode of ["deliver", "drop"] as const) {
      const session = await journey.checkout(await journey.offerOnTable());
      await journey.events(mode);
      await journey.advance(60 * 60 + 1);
      await journey.advance(61);
      expect(await journalCount(session.testimonyId, "expire-checkout")).toBe(1);
      expect((await journey.pay(session)).status).not.toBe(303);
      expect(await journey.accept(session)).toMatchObject({ status: 422, body: { code: "session_expired" } });
      expect(await journey.state(session)).toBe("offered");
      expect(await outcomeOf(journey, session)).toMatchObject({ sessions: ["expired"], paidMinor: 0 });
    }
  });

  it("is found expired by the client's own confirmation", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.advance(59 * 60);
    await journey.events("drop");
    await journey.advance(61);
    expect(await journey.accept(session)).toMatchObject({ status: 422, body: { code: "session_expired" } });
    expect((await journey.startCheckout(session)).status).toBe(200);
  });

  it("counts when it was paid in its last second", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.advance(60 * 60 - 2);
    await journey.events("drop");
    expect((await journey.pay(session)).status).toBe(303);
    await journey.advance(120);
    expect(await journey.state(session)).toBe("accepted");
    await journey.advance(10);
    await expectPaidOut(session);
  });
});
