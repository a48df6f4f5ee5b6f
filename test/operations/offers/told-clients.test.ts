import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../../http/checked";
import { cards, type OfferOnTable, type PaidSession } from "../../journey";
import { hundred } from "../books";
import { acceptedOffer, refund } from "./accepted-offer";
import { chargeOf, paidHundred, refundAtStripe } from "./at-stripe";
import { expectTold, toldTo } from "./told-people";

beforeEach(() => journey.reset());

const cancel = ({ testimonyId, client }: OfferOnTable) =>
  journey.call("POST", `/api/v1/testimonies/${testimonyId}/cancel`, { token: client.token, body: {} });

const accepted = { client: ["offer.created", "offer.accepted"], expert: ["offer.accepted", "payout.paid"] } as const;

describe("a client is told of offers", () => {
  it("that are made and taken back, and nobody else is", async () => {
    const table = await journey.offerOnTable({ price: 100, onboarded: false });
    const other = await journey.registerExpert();
    const token = other.token;
    const offerId = await journey.createOffer(other, table.testimonyId, 99.5);
    await journey.must(204, "POST", `/testimonies/offers/${offerId}/withdraw`, { token });
    await journey.must(409, "POST", `/testimonies/offers/${offerId}/withdraw`, { token });
    await expectTold(journey, table, { client: ["offer.created", "offer.created", "offer.withdrawn"], expert: [] });
    expect(await toldTo(journey, other)).toEqual([]);
    const ids = { testimonyId: table.testimonyId, offerId };
    const [, second, withdrawn] = await toldTo(journey, table.client);
    expect(second?.data).toEqual({ ...ids, currency: "eur", priceMinor: 9_950, deliveryDays: 14 });
    expect(withdrawn?.data).toEqual(ids);
  });

  it("of which one is accepted, and of the work's end", async () => {
    const session = await acceptedOffer(journey);
    expect((await journey.accept(session)).status).toBe(204);
    const complete = { token: session.expert.token };
    await journey.must(204, "POST", `/testimonies/${session.testimonyId}/complete`, complete);
    await journey.must(409, "POST", `/testimonies/${session.testimonyId}/complete`, complete);
    await expectTold(journey, session, {
      client: [...accepted.client, "testimony.completed"],
      expert: [...accepted.expert, "testimony.completed"],
    });
    const [, said] = await toldTo(journey, session.client);
    const { priceMinor, commissionMinor, totalMinor } = hundred;
    expect(said?.data).toMatchObject({ offerId: session.offerId, priceMinor, commissionMinor, totalMinor });
  });

  it("and of the cancelled testimony", async () => {
    const table = await journey.offerOnTable({ onboarded: false });
    expect((await cancel(table)).status).toBe(204);
    expect((await cancel(table)).status).toBe(409);
    await expectTold(journey, table, { client: ["offer.created", "testimony.cancelled"], expert: [] });
  });
});

describe("a client who pays by a method that takes days is told", () => {
  async function payLater(card: string): Promise<PaidSession> {
    const session = await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    expect((await journey.pay(session, card)).status).toBe(303);
    await journey.advance(1);
    return session;
  }
  const processing = ["offer.created", "offer.payment_processing"] as const;

  it("that it is under way, and that it has come", async () => {
    const session = await payLater(cards.delayedSucceeds);
    expect((await journey.accept(session)).status).toBe(422);
    await journey.advance(300);
    await expectTold(journey, session, {
      client: [...processing, "offer.payment_settled", "offer.accepted"],
      expert: ["offer.accepted", "payout.held"],
    });
    const [, , settled] = await toldTo(journey, session.client);
    expect(settled).toMatchObject({ type: "offer.payment_settled", data: { currency: "eur", amountMinor: 18_090 } });
  });

  it("that it was refused", async () => {
    const session = await payLater(cards.delayedFails);
    await journey.advance(300);
    expect((await journey.accept(session)).status).toBe(422);
    await expectTold(journey, session, { client: [...processing, "offer.payment_refused"], expert: [] });
  });

  it("that it has come too late, and goes back", async () => {
    const session = await payLater(cards.delayedSucceeds);
    expect((await cancel(session)).status).toBe(204);
    await journey.advance(300);
    await journey.advance(10);
    const back = ["offer.payment_settled", "offer.payment_returning", "offer.payment_returned"] as const;
    await expectTold(journey, session, { client: [...processing, "testimony.cancelled", ...back], expert: [] });
    const returning = (await toldTo(journey, session.client)).find(({ type }) => type === "offer.payment_returning");
    expect(returning?.data).toMatchObject({ amountMinor: 18_090, cause: "offer_unavailable" });
  });
});

describe("a client whose money goes back is told", () => {
  it("of the payment that lost, and its expert hears nothing", async () => {
    const first = await paidHundred(journey, { onboarded: false });
    const expert = await journey.registerExpert();
    const offerId = await journey.createOffer(expert, first.testimonyId, 50);
    const second = await journey.checkout({ ...first, expert, offerId });
    await journey.events("hold");
    expect((await journey.pay(second)).status).toBe(303);
    expect((await journey.accept(first)).status).toBe(204);
    expect((await journey.accept(second)).status).toBe(422);
    expect((await journey.accept(second)).status).toBe(422);
    await journey.events("duplicate");
    await journey.flushEvents(2);
    await journey.advance(10);
    const offers = ["offer.created", "offer.created", "offer.accepted"] as const;
    const told = [...offers, "offer.payment_returning", "offer.payment_returned"] as const;
    await expectTold(journey, first, { client: told, expert: ["offer.accepted", "payout.held"] });
    expect(await toldTo(journey, expert)).toEqual([]);
  });

  it("of a part, whose share the expert gives", async () => {
    const session = await acceptedOffer(journey);
    const part = { reason: "Half the work.", amount: 6_050 };
    expect((await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, part)).status).toBe(204);
    await journey.advance(10);
    await expectTold(journey, session, {
      client: [...accepted.client, "offer.payment_returning", "offer.payment_partly_returned"],
      expert: [...accepted.expert, "payout.lowered", "payout.reversed"],
    });
    const [returning, returned] = (await toldTo(journey, session.client)).slice(-2);
    expect(returning?.data).toMatchObject({ amountMinor: 6_050, currency: "eur", cause: "refund" });
    expect(returned?.data.refundId).toBe(returning?.data.refundId);
    const [lowered, reversed] = (await toldTo(journey, session.expert)).slice(-2);
    expect([lowered?.data.amountMinor, reversed?.data.amountMinor]).toEqual([5_000, 5_000]);
  });

  it.each(["deliver", "drop"] as const)("of all of it, that it failed, and came later (events: %s)", async (mode) => {
    const session = await acceptedOffer(journey, { card: cards.refundFails });
    await journey.events(mode);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    for (const seconds of [60, 2 * 60 * 60]) await journey.advance(seconds);
    await journey.control("POST", "refunds", { next: "succeed" });
    expect((await refund(journey, session, "Once more.")).status).toBe(204);
    await journey.advance(10);
    const way = ["offer.payment_returning", "offer.payment_returned"] as const;
    await expectTold(journey, session, {
      client: [...accepted.client, "testimony.refunded", ...way, "offer.payment_return_failed", ...way],
      expert: [...accepted.expert, "testimony.refunded", "payout.reversed"],
    });
  });

  it("of what another hand gives back, and that it is not back after all", async () => {
    const session = await acceptedOffer(journey);
    await journey.control("POST", "refunds", { next: "succeed_then_fail" });
    await refundAtStripe(journey, session, 2_000);
    await journey.advance(1);
    await journey.advance(61);
    const past = ["payment.refunded_at_stripe", "payment.refund_at_stripe_failed"] as const;
    await expectTold(journey, session, { client: [...accepted.client, ...past], expert: accepted.expert });
  });

  it("of what another hand completes, and of its failing", async () => {
    const session = await acceptedOffer(journey);
    await journey.control("POST", "refunds", { next: "fail" });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    const { id: charge } = await chargeOf(journey, session);
    await journey.control("POST", "refunds", { charge, plan: "succeed_then_fail" });
    await journey.advance(10);
    await journey.advance(11 * 60);
    await expectTold(journey, session, {
      client: [
        ...accepted.client,
        "testimony.refunded",
        "offer.payment_returning",
        "offer.payment_return_failed",
        "payment.refunded_at_stripe",
        "offer.payment_returned",
        "offer.payment_return_failed",
      ],
      expert: [...accepted.expert, "testimony.refunded", "payout.reversed"],
    });
  });
});
