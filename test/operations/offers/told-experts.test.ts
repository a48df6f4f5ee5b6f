import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../../http/checked";
import type { PaidSession } from "../../journey";
import { acceptedOffer, refund } from "./accepted-offer";
import {
  decideDispute,
  disputeAtStripe,
  emptyAccountOf,
  paidHundred,
  refundAtStripe,
  settlesInDollars,
  takenBackAfterAll,
  transferOf,
} from "./at-stripe";
import { expectTold, type Told, toldTo } from "./told-people";

beforeEach(() => journey.reset());

const accepted = ["offer.created", "offer.accepted"] as const;
const paid = ["offer.accepted", "payout.paid"] as const;

/** Returns the data of the only notification of this type. */
async function the(type: Told["type"], { expert }: PaidSession): Promise<Told["data"]> {
  const found = (await toldTo(journey, expert)).filter((one) => one.type === type);
  expect(found).toHaveLength(1);
  return found[0]?.data;
}

describe("an expert whose payout waits is told why, and what to do", () => {
  it("of an account that is missing, then unfinished, then of the payout", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.must(200, "POST", "/me/payout-account", { token: session.expert.token, body: {} });
    await journey.advance(7 * 60 * 60); // the clock has looked
    const held = (await toldTo(journey, session.expert)).filter(({ type }) => type === "payout.held");
    expect(held.map(({ data }) => [data.reasons, data.toDo])).toEqual([
      [["account_missing"], ["open_payout_account"]],
      [["account_not_ready"], ["finish_payout_account"]],
    ]);
    await journey.onboard(session.expert);
    await journey.advance(1);
    const told = ["offer.accepted", "payout.held", "payout.held", "payout.paid"] as const;
    await expectTold(journey, session, { client: accepted, expert: told });
    expect(await the("payout.paid", session)).toMatchObject({ amountMinor: 10_000, nettedMinor: 0, currency: "eur" });
  });

  it("of a dispute, which nothing but its end ends", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.onboard(session.expert);
    const id = await disputeAtStripe(journey, session);
    await journey.advance(1);
    const held = (await toldTo(journey, session.expert)).filter(({ type }) => type === "payout.held").at(-1);
    expect(held?.data).toMatchObject({ reasons: ["dispute_open"], toDo: ["wait"] });
    await decideDispute(journey, id, "won");
    await journey.advance(1);
    await expectTold(journey, session, {
      client: accepted,
      expert: [
        "offer.accepted",
        "payout.held",
        "payment.disputed",
        "payout.held",
        "payment.dispute_closed",
        "payout.paid",
      ],
    });
    expect(await the("payment.dispute_closed", session)).toMatchObject({ disputeId: id, state: "won" });
  });

  it("and of what an operator lets go of it", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await refundAtStripe(journey, session, 5_000);
    await journey.advance(1);
    const path = `/testimonies/${session.testimonyId}/release-payout`;
    expect((await journey.operator("POST", path, { note: "Agreed.", amount: 6_000 })).status).toBe(204);
    await journey.advance(1);
    await journey.onboard(session.expert);
    await journey.advance(1);
    await expectTold(journey, session, {
      client: [...accepted, "payment.refunded_at_stripe"],
      expert: ["offer.accepted", "payout.held", "payout.held", "payout.lowered", "payout.held", "payout.paid"],
    });
    expect(await the("payout.lowered", session)).toMatchObject({ amountMinor: 4_000 });
  });
});

describe("an expert is told", () => {
  it("of a payout that was refused", async () => {
    await journey.events("hold");
    const session = await paidHundred(journey);
    await settlesInDollars(journey, session);
    expect((await journey.accept(session)).status).toBe(204);
    await journey.events("deliver");
    await journey.flushEvents();
    await journey.advance(30);
    await expectTold(journey, session, { client: accepted, expert: ["offer.accepted", "payout.failed"] });
  });

  it("of a payout that is taken back", async () => {
    const session = await acceptedOffer(journey);
    await Promise.all([refund(journey, session), refund(journey, session)]);
    await journey.advance(10);
    await expectTold(journey, session, {
      client: [...accepted, "testimony.refunded", "offer.payment_returning", "offer.payment_returned"],
      expert: [...paid, "testimony.refunded", "payout.reversed"],
    });
    expect(await the("payout.reversed", session)).toMatchObject({ amountMinor: 10_000, currency: "eur" });
  });

  it("of a reversal by another hand", async () => {
    const session = await acceptedOffer(journey);
    const { id } = await transferOf(journey, session);
    await journey.stripePost(`/transfers/${id}/reversals`, { amount: 4_000 });
    await journey.advance(1);
    await expectTold(journey, session, { client: accepted, expert: [...paid, "payout.reversed"] });
  });

  it("of a debt, and that it is less", async () => {
    const session = await acceptedOffer(journey);
    await emptyAccountOf(journey, session);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    await journey.advance(120);
    expect(await the("debt.raised", session)).toMatchObject({ amountMinor: 10_000, remainingMinor: 10_000 });
    await takenBackAfterAll(journey, session);
    await expectTold(journey, session, {
      client: [...accepted, "testimony.refunded", "offer.payment_returning", "offer.payment_returned"],
      expert: [...paid, "testimony.refunded", "debt.raised", "payout.reversed", "debt.lowered"],
    });
    expect(await the("debt.lowered", session)).toMatchObject({ amountMinor: 4_000, remainingMinor: 6_000 });
  });

  it("of no dispute about a payment that has accepted nothing", async () => {
    await journey.events("drop");
    const session = await paidHundred(journey);
    const id = await disputeAtStripe(journey, session);
    expect((await journey.accept(session)).status).toBe(422);
    await journey.events("deliver");
    await decideDispute(journey, id, "lost");
    await journey.advance(10);
    await expectTold(journey, session, { client: ["offer.created", "offer.payment_returned"], expert: [] });
  });
});
