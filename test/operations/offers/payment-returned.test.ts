import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { cards, Journey, type PaidSession } from "../../journey";
import { expectBooks, expectProof, hundred } from "../books";
import { attentionOf, checkoutState, journalOf, rows } from "../rows";
import { atStripe, undone } from "./accepted-offer";
import { decideDispute, disputeAtStripe, paidHundred, refundAtStripe } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

const disputeFeeMinor = 2_000; // what the emulator charges for one

/** Expects that nothing was accepted, and nobody is to be paid. */
async function expectNotAccepted(session: PaidSession): Promise<void> {
  expect(await journey.state(session)).toBe("offered");
  expect(await journalOf(session)).not.toContain("accept-offer");
  expect(await rows("select id from payouts where testimony_id = ?", session.testimonyId)).toEqual([]);
}

async function expectReturned(session: PaidSession, refunds: [number, string][]): Promise<void> {
  await journey.advance(10);
  await expectNotAccepted(session);
  const { refunds: made, transfers } = await atStripe(journey, session);
  expect(made.sort()).toEqual(refunds.sort());
  expect(transfers).toEqual([]);
  expect(await checkoutState(session)).toBe("returned");
  await expectBooks(journey, undone);
}

describe("a payment that was given back before anybody confirmed it", () => {
  it("accepts nothing: the confirmation is refused, and its repeat alike", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session);
    for (let times = 0; times < 2; times += 1) {
      const answer = await journey.accept(session);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ status: 422, code: "payment_returned", title: "Unprocessable Content" });
    }
    await expectReturned(session, [[12_100, "succeeded"]]);
    expect(await attentionOf(session)).toEqual(["refunded_at_stripe"]);
  });

  it("in part accepts nothing, and the rest follows", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session, 5_000);
    expect((await journey.accept(session)).body).toMatchObject({ code: "payment_returned" });
    await expectReturned(session, [
      [5_000, "succeeded"],
      [7_100, "succeeded"],
    ]);
  });

  it("by one cent accepts nothing, when Stripe's event tells of the payment", async () => {
    await journey.events("hold");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session, 1);
    await journey.events("deliver");
    await journey.flushEvents();
    await expectReturned(session, [
      [1, "succeeded"],
      [12_099, "succeeded"],
    ]);
    expect((await journey.accept(session)).body).toMatchObject({ code: "payment_returned" });
  });

  it("accepts nothing when the clock finds the payment", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session, 100);
    await journey.fault("GET /v1/events", "429", 1_000);
    await journey.advance(11 * 60);
    await expectReturned(session, [
      [100, "succeeded"],
      [12_000, "succeeded"],
    ]);
  });

  it("counts as given back while the refund is under way", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey, { card: cards.refundPending });
    await refundAtStripe(journey, session);
    expect((await journey.accept(session)).body).toMatchObject({ code: "payment_returned" });
    await expectNotAccepted(session);
    await journey.advance(61);
    await expectReturned(session, [[12_100, "succeeded"]]);
  });

  it("leaves the offer to another payment", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session);
    expect((await journey.accept(session)).status).toBe(422);
    const second = await journey.checkout(session);
    expect((await journey.pay(second)).status).toBe(303);
    expect((await journey.accept(second)).status).toBe(204);
    await journey.advance(10);
    expect(await journey.state(second)).toBe("accepted");
    expect((await journey.accept(session)).body).toMatchObject({ code: "payment_returned" });
    await expectProof(journey);
  });
});

describe("a payment whose money is still with us", () => {
  it("lets nobody pay for its offer again before it has gone back", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session, 100);
    await journey.fault("POST /v1/refunds", "429", 1_000);
    expect((await journey.accept(session)).status).toBe(422);
    const early = await journey.startCheckout(session);
    expect([early.status, early.body.code]).toEqual([409, "payment_in_progress"]);
    await journey.control("DELETE", "faults");
    await journey.advance(61);
    const second = await journey.checkout(session);
    expect((await journey.pay(second)).status).toBe(303);
    expect((await journey.accept(second)).status).toBe(204);
    await expectProof(journey);
  });

  it("nor after its return has failed", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await refundAtStripe(journey, session, 100);
    await journey.control("POST", "refunds", { next: "fail" });
    expect((await journey.accept(session)).status).toBe(422);
    await journey.advance(61);
    expect(await checkoutState(session)).toBe("return_failed");
    expect((await journey.startCheckout(session)).body.code).toBe("payment_in_progress");
    await expectProof(journey);
  });
});

describe("a payment that was disputed before anybody confirmed it", () => {
  async function disputedBefore(): Promise<{ session: PaidSession; id: string }> {
    await journey.events("drop");
    const session = await paidHundred(journey);
    const id = await disputeAtStripe(journey, session);
    expect((await journey.accept(session)).body).toMatchObject({ code: "payment_returned" });
    await journey.advance(10);
    await expectNotAccepted(session);
    expect(await checkoutState(session)).toBe("returning");
    expect((await atStripe(journey, session)).refunds).toEqual([]);
    expect(await attentionOf(session)).toEqual(["dispute_open"]);
    await expectProof(journey);
    return { session, id };
  }

  it.each(["deliver", "drop"] as const)("goes back once it is won (events: %s)", async (mode) => {
    const { session, id } = await disputedBefore();
    await journey.events(mode);
    await decideDispute(journey, id, "won");
    await journey.advance(mode === "drop" ? 7 * 60 * 60 : 1);
    await journey.advance(10);
    await expectNotAccepted(session);
    expect((await atStripe(journey, session)).refunds).toEqual([[12_100, "succeeded"]]);
    expect(await checkoutState(session)).toBe("returned");
    await expectBooks(journey, {
      stripe_balance: undone.stripe_balance - disputeFeeMinor,
      stripe_fees: hundred.feeMinor + disputeFeeMinor,
    });
  });

  it("has gone back by the bank once it is lost", async () => {
    const { session, id } = await disputedBefore();
    await journey.events("deliver");
    await decideDispute(journey, id, "lost");
    await journey.advance(10);
    await expectNotAccepted(session);
    expect((await atStripe(journey, session)).refunds).toEqual([]);
    expect(await checkoutState(session)).toBe("returned");
    await expectBooks(journey, {
      stripe_balance: undone.stripe_balance - disputeFeeMinor,
      stripe_fees: hundred.feeMinor + disputeFeeMinor,
    });
  });

  it("and won already accepts, and the dispute's fee is booked", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    await decideDispute(journey, await disputeAtStripe(journey, session), "won");
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(10);
    expect(await journey.state(session)).toBe("accepted");
    expect((await atStripe(journey, session)).transfers).toEqual([[10_000, 0]]);
    await expectProof(journey);
  });
});
