import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { cards, Journey } from "../../journey";
import { expectBooks, hundred } from "../books";
import { attentionOf, checkoutState, journalOf, owedByExperts, payoutOf, toldOf } from "../rows";
import { acceptedOffer, atStripe, refund, undone } from "./accepted-offer";
import { chargeOf, emptyAccountOf } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

describe("the payout", () => {
  it("is cancelled while it is held", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await payoutOf(session)).toMatchObject({ state: "cancelled" });
    expect(await atStripe(journey, session)).toEqual({ refunds: [[12_100, "succeeded"]], transfers: [] });
    await expectBooks(journey, undone);
    await journey.onboard(session.expert);
    await journey.advance(24 * 60 * 60);
    expect(await atStripe(journey, session)).toEqual({ refunds: [[12_100, "succeeded"]], transfers: [] });
    await expectBooks(journey, undone);
  });

  it("is reversed when it was paid", async () => {
    const session = await acceptedOffer(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await payoutOf(session)).toMatchObject({ state: "reversed", reversed_minor: 10_000 });
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    expect(await owedByExperts()).toBe(0);
    await expectBooks(journey, undone);
    expect(await toldOf(session)).toEqual([
      "offer.accepted",
      "payout.paid",
      "testimony.refunded",
      "payout.reversed",
      "offer.payment_returning",
      "offer.payment_returned",
    ]);
  });

  it("is settled first when it is not known whether its transfer was made", async () => {
    await journey.fault("POST /v1/transfers", "timeout_before", 1_000);
    const expert = await journey.registerExpert();
    await journey.onboard(expert);
    await journey.advance(0);
    const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
    await journey.accept(session);
    await journey.advance(0);
    expect(await payoutOf(session)).toMatchObject({ state: "sending" });

    const early = await refund(journey, session);
    expect(early.status).toBe(503);
    expect(early.body).toMatchObject({ code: "stripe_unavailable" });
    expect(await journey.state(session)).toBe("accepted");
    await journey.control("DELETE", "faults");

    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    await expectBooks(journey, undone);
  });

  it("is reversed when the answer to its transfer was lost", async () => {
    await journey.fault("POST /v1/transfers", "timeout_after", 1_000);
    const expert = await journey.registerExpert();
    await journey.onboard(expert);
    await journey.advance(0);
    const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
    await journey.accept(session);
    await expect.poll(async () => (await atStripe(journey, session)).transfers).toEqual([[10_000, 0]]);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    await expectBooks(journey, undone);
  });

  it("becomes a debt when the expert's account cannot give it back; the client is refunded all the same", async () => {
    const session = await acceptedOffer(journey);
    await emptyAccountOf(journey, session);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await atStripe(journey, session)).toEqual({ refunds: [[12_100, "succeeded"]], transfers: [[10_000, 0]] });
    expect(await payoutOf(session)).toMatchObject({ state: "reversed", reversed_minor: 0 });
    expect(await owedByExperts()).toBe(10_000);
    await expectBooks(journey, {
      stripe_balance: -hundred.feeMinor - 10_000,
      stripe_fees: hundred.feeMinor,
      expert_receivable: 10_000,
    });
    await journey.advance(24 * 60 * 60);
    expect(await owedByExperts()).toBe(10_000);
  });
});

describe("the client's refund", () => {
  it("pending counts as done only when Stripe says so", async () => {
    const session = await acceptedOffer(journey, { card: cards.refundPending });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await checkoutState(session)).toBe("returning");
    expect(await toldOf(session)).not.toContain("offer.payment_returned");
    await expectBooks(journey, undone);
    await journey.advance(60);
    expect(await checkoutState(session)).toBe("returned");
    expect(await toldOf(session)).toContain("offer.payment_returned");
    await expectBooks(journey, undone);
  });

  it("pending ends by the sweep when every event is dropped", async () => {
    const session = await acceptedOffer(journey, { card: cards.refundPending });
    await journey.events("drop");
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(2 * 60 * 60);
    await journey.advance(2 * 60 * 60);
    expect(await checkoutState(session)).toBe("returned");
    await expectBooks(journey, undone);
  });

  it.each(["deliver", "drop"] as const)(
    "that fails is owed again, and can be made again (events: %s)",
    async (mode) => {
      const session = await acceptedOffer(journey, { card: cards.refundFails });
      expect((await refund(journey, session)).status).toBe(204);
      await journey.advance(10);
      expect(await checkoutState(session)).toBe("returned");
      await journey.events(mode);
      await journey.advance(60);
      if (mode === "drop") await journey.advance(15 * 60);

      expect(await checkoutState(session)).toBe("return_failed");
      expect(await attentionOf(session)).toEqual(["refund_failed"]);
      const { body } = await journey.operator("GET", "/attention");
      expect(body.data.entries).toMatchObject([{ aggregateId: session.testimonyId, kind: "refund_failed" }]);
      expect(await toldOf(session)).toContain("offer.payment_return_failed");
      await expectBooks(journey, {
        stripe_balance: hundred.totalMinor - hundred.feeMinor,
        stripe_fees: hundred.feeMinor,
        client_payable: -hundred.totalMinor,
      });

      await journey.control("POST", "refunds", { next: "succeed" });
      expect((await refund(journey, session, "Once more.")).status).toBe(204);
      await journey.advance(10);
      expect(await checkoutState(session)).toBe("returned");
      expect(await attentionOf(session)).toEqual([]);
      expect((await atStripe(journey, session)).refunds).toEqual([
        [12_100, "succeeded"],
        [12_100, "failed"],
      ]);
      await expectBooks(journey, undone);
      expect((await refund(journey, session)).status).toBe(409);
    },
  );

  it("made out-of-band that fails is owed again, after it had ended the return", async () => {
    const session = await acceptedOffer(journey);
    await journey.control("POST", "refunds", { next: "fail" });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await checkoutState(session)).toBe("return_failed");
    const { id: charge } = await chargeOf(journey, session);
    await journey.control("POST", "refunds", { charge, plan: "succeed_then_fail" });
    await journey.advance(10);
    expect(await checkoutState(session)).toBe("returned");
    expect(await attentionOf(session)).not.toContain("refund_failed");
    await journey.advance(11 * 60);
    expect(await checkoutState(session)).toBe("return_failed");
    expect(await attentionOf(session)).toContain("refund_failed");
    await expectBooks(journey, {
      stripe_balance: hundred.totalMinor - hundred.feeMinor,
      stripe_fees: hundred.feeMinor,
      client_payable: -hundred.totalMinor,
    });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await checkoutState(session)).toBe("returned");
    await expectBooks(journey, undone);
  });

  it("that fails at once leaves the same", async () => {
    const session = await acceptedOffer(journey);
    await journey.control("POST", "refunds", { next: "fail" });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await attentionOf(session)).toEqual(["refund_failed"]);
    await expectBooks(journey, {
      stripe_balance: hundred.totalMinor - hundred.feeMinor,
      stripe_fees: hundred.feeMinor,
      client_payable: -hundred.totalMinor,
    });
  });

  it("that fails while our own call has no answer yet is seen as failed", async () => {
    const session = await acceptedOffer(journey, { card: cards.refundFails });
    // It is done at Stripe and never answered; the sweep repeats it after it has failed, and Stripe replays the first
    // answer.
    await journey.fault("POST /v1/refunds", "timeout_after", 1_000);
    expect((await refund(journey, session)).status).toBe(204);
    await expect.poll(async () => (await atStripe(journey, session)).refunds, { timeout: 10_000 }).toHaveLength(1);
    await journey.advance(90);
    expect((await atStripe(journey, session)).refunds).toEqual([[12_100, "failed"]]);
    await journey.control("DELETE", "faults");
    for (let hours = 0; hours < 3; hours += 1) await journey.advance(60 * 60);
    expect(await checkoutState(session)).toBe("return_failed");
    await expectBooks(journey, {
      stripe_balance: hundred.totalMinor - hundred.feeMinor,
      stripe_fees: hundred.feeMinor,
      client_payable: -hundred.totalMinor,
    });
  });
});

describe("the testimony", () => {
  it("is cancelled, and its session is used up", async () => {
    const session = await acceptedOffer(journey);
    expect((await refund(journey, session)).status).toBe(204);
    expect(await journey.state(session)).toBe("cancelled");
    const again = await journey.accept(session);
    expect(again.status).toBe(422);
    expect(again.body).toMatchObject({ status: 422, code: "session_used" });
    await journey.advance(10);
    expect((await journey.accept(session)).status).toBe(422);
    expect((await journalOf(session)).filter((name) => name === "accept-offer")).toHaveLength(1);
  });

  it("can be refunded after it was completed", async () => {
    const session = await acceptedOffer(journey);
    await journey.must(204, "POST", `/testimonies/${session.testimonyId}/complete`, {
      token: session.expert.token,
      body: {},
    });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await journey.state(session)).toBe("cancelled");
    await expectBooks(journey, undone);
  });

  it("is refunded once, however often it is asked at once", async () => {
    const session = await acceptedOffer(journey);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(journey, session)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409, 409, 409, 409, 409]);
    await journey.advance(10);
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    await expectBooks(journey, undone);
  });

  it("that was not accepted, or does not exist, is refused", async () => {
    const open = await journey.offerOnTable({ onboarded: false });
    expect((await refund(journey, open)).status).toBe(409);
    expect((await refund(journey, { testimonyId: crypto.randomUUID() })).status).toBe(404);
    expect((await journey.operator("POST", `/testimonies/${open.testimonyId}/refund`, {})).status).toBe(422);
    expect((await journey.call("POST", `/api/v1/admin/testimonies/${open.testimonyId}/refund`)).status).toBe(401);
    expect(await journey.state(open)).toBe("offered");
  });
});
