import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cards, checkoutBody, Journey } from "../../journey";
import { expectBooksInOrder, journalCount, outcomeOf } from "../../outcome";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());
afterEach(() => expectBooksInOrder(journey));

/** There are never two payable sessions for one client and offer (src/guides/decisions.md#one-payable-page). */
describe("a second checkout of the same offer", () => {
  it("gets the same page for the same input, also at the same time", async () => {
    const offer = await journey.offerOnTable();
    const input = checkoutBody();
    const answers = await Promise.all(Array.from({ length: 10 }, () => journey.startCheckout(offer, input)));
    answers.push(await journey.startCheckout(offer, input));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.data.url)).size).toBe(1);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["open"]);
  });

  it("expires the first page for changed input", async () => {
    const first = await journey.checkout(await journey.offerOnTable());
    const second = await journey.checkout(first);
    expect(second.url).not.toBe(first.url);
    expect((await outcomeOf(journey, first)).sessions).toEqual(["expired", "open"]);
    expect((await journey.pay(first)).status).not.toBe(303);
    expect((await journey.pay(second)).status).toBe(303);
    expect((await journey.accept(first)).status).toBe(422);
    expect((await journey.accept(second)).status).toBe(204);
    await journey.advance(10);
    expect(await outcomeOf(journey, first)).toMatchObject({ paidMinor: 18_090, refunds: [] });
  });

  it("expires the first page when the client's e-mail has changed, because a page is opened with it", async () => {
    const offer = await journey.offerOnTable();
    const input = checkoutBody();
    const first = await journey.checkout(offer, input);
    const pages = async () => (await journey.stripe("/checkout/sessions")).data;
    expect(await pages()).toMatchObject([{ customer_email: offer.client.email }]);
    const email = `other.${offer.client.email}`;
    await journey.must(200, "PUT", "/me", { token: offer.client.token, body: { email } });
    const second = await journey.checkout(offer, input);
    expect(second.url).not.toBe(first.url);
    expect(await pages()).toMatchObject([
      { status: "open", customer_email: email },
      { status: "expired", customer_email: offer.client.email },
    ]);
    expect((await journey.startCheckout(offer, input)).body.data.url).toBe(second.url);
  });

  it("opens the page without an e-mail that Stripe does not take", async () => {
    const offer = await journey.offerOnTable();
    await env.DB.prepare("UPDATE users SET email = 'jana@localhost' WHERE email = ?").bind(offer.client.email).run();
    const session = await journey.checkout(offer);
    expect((await journey.stripe("/checkout/sessions")).data).toMatchObject([{ customer_email: null }]);
    await journey.pay(session);
    expect((await journey.accept(session)).status).toBe(204);
  });

  it("leaves one payable page when many come with different input at once", async () => {
    const offer = await journey.offerOnTable();
    const answers = await Promise.all(Array.from({ length: 8 }, () => journey.startCheckout(offer)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { sessions } = await outcomeOf(journey, offer);
    expect(sessions.filter((status) => status === "open")).toHaveLength(1);
    expect(sessions).toHaveLength(8);
  });

  it("finds the first page paid when it wants to expire it: that payment counts", async () => {
    const first = await journey.checkout(await journey.offerOnTable());
    await journey.events("hold");
    await journey.pay(first);
    const second = await journey.startCheckout(first);
    expect(second.status).toBe(409);
    expect(await journey.state(first)).toBe("accepted");
    expect((await journey.accept(first)).status).toBe(204);
    await journey.flushEvents();
    await journey.advance(10);
    expect(await outcomeOf(journey, first)).toMatchObject({ sessions: ["complete"], paidMinor: 18_090, refunds: [] });
    expect(await journalCount(first.testimonyId, "accept-offer")).toBe(1);
  });

  it("never hands out a page whose expiry is under way", async () => {
    const offer = await journey.offerOnTable();
    const input = checkoutBody();
    const first = await journey.checkout(offer, input);
    await journey.fault("POST /v1/checkout/sessions/*/expire", "429"); // which the SDK does not repeat by itself
    expect((await journey.startCheckout(offer)).status).toBe(500);
    const { faults } = (await journey.control("GET", "faults")).body;
    expect(faults).toMatchObject([{ fired: 1, times: 0 }]);
    const second = await journey.checkout(offer, input);
    expect(second.url).not.toBe(first.url);
    await journey.advance(10);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["expired", "open"]);
    expect((await journey.pay(second)).status).toBe(303);
    expect((await journey.accept(second)).status).toBe(204);
    await journey.advance(10);
  });

  it("waits while a delayed method on the first page is undecided", async () => {
    const first = await journey.checkout(await journey.offerOnTable());
    await journey.events("hold");
    await journey.pay(first, cards.delayedSucceeds);
    for (const changes of [{}, {}]) {
      const second = await journey.startCheckout(first, changes);
      expect(second).toMatchObject({ status: 409, body: { code: "payment_in_progress" } });
    }
    expect((await outcomeOf(journey, first)).sessions).toEqual(["complete"]);
  });

  it("opens a new page after the delayed method has failed", async () => {
    const first = await journey.checkout(await journey.offerOnTable());
    await journey.advance(10); // Stripe's list of events was just read, and will not be for ten minutes
    await journey.events("drop");
    await journey.pay(first, cards.delayedFails);
    await journey.advance(61);
    expect((await journey.startCheckout(first)).status).toBe(200);
    expect((await outcomeOf(journey, first)).sessions).toEqual(["complete", "open"]);
  });

  it("opens a new page when the first has expired at Stripe and no event said so", async () => {
    const first = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    // The clock has checked at 11, 23, 45 and 59 minutes; it will check again a minute after the expiry.
    for (const minutes of [11, 12, 22, 14]) await journey.advance(minutes * 60);
    await journey.advance(65);
    const second = await journey.checkout(first);
    expect((await outcomeOf(journey, first)).sessions).toEqual(["expired", "open"]);
    expect((await journey.pay(second)).status).toBe(303);
    expect((await journey.accept(second)).status).toBe(204);
  });

  it.each([0, 5, 10, 15, 20, 30])(
    "races a payment on the first page (%i ms later): one of them counts",
    async (lateMs) => {
      const first = await journey.checkout(await journey.offerOnTable());
      const [paid, second] = await Promise.all([
        scheduler.wait(lateMs).then(() => journey.pay(first)),
        journey.startCheckout(first),
      ]);
      await journey.advance(10);
      if (paid.status === 303) {
        expect(second.status).toBe(409);
        expect(await journey.state(first)).toBe("accepted");
        expect(await outcomeOf(journey, first)).toMatchObject({
          sessions: ["complete"],
          paidMinor: 18_090,
          refunds: [],
        });
      } else {
        expect(second.status).toBe(200);
        expect(await journey.state(first)).toBe("offered");
        expect(await outcomeOf(journey, first)).toMatchObject({ sessions: ["expired", "open"], paidMinor: 0 });
      }
    },
  );
});
