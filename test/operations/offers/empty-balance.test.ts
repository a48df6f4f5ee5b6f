import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { booksOf, expectBooks, expectProof, hundred } from "../books";
import { attentionOf, checkoutState, owedByExperts, payoutOf, rows, toldOf } from "../rows";
import { acceptedOffer, atStripe, refund, undone } from "./accepted-offer";

/** Tests of what Stripe does if the balance does not cover the money that it needs: it refuses, or it waits. */
const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

const hour = 60 * 60;
const day = 24 * hour;

const payOutDaily = () => journey.control("POST", "payouts", { schedule: "daily" });

describe("a payout whose charge was paid out to the platform's bank", () => {
  /** Makes a payout that is held for its account until the charge has settled and its money is paid out. */
  async function late(): Promise<PaidSession> {
    await payOutDaily();
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.advance(4 * day);
    await journey.onboard(session.expert);
    await journey.advance(day / 2);
    return session;
  }

  it("is held, shown to the operator, and sent when there is money again", async () => {
    const session = await late();
    const { state, holds } = await payoutOf(session);
    expect([state, holds]).toEqual(["held", ["balance_insufficient"]]);
    expect(await attentionOf(session)).toEqual(["payout_held"]);
    await expectProof(journey);

    await journey.control("POST", "payouts", { schedule: "manual" });
    await journey.control("POST", "balance", { type: "topup", amount: hundred.priceMinor });
    await journey.advance(7 * hour);
    expect((await payoutOf(session)).state).toBe("paid");
    expect(await attentionOf(session)).toEqual([]);
    expect((await atStripe(journey, session)).transfers).toEqual([[hundred.priceMinor, 0]]);
    await expectProof(journey);
  });

  it("causes one event of its own, and no second transfer before the balance suffices", async () => {
    const session = await late();
    await journey.advance(2 * day);
    expect((await toldOf(session)).filter((type) => type === "payout.held")).toHaveLength(2);
    const { requests } = (await journey.control("GET", "requests?match=POST%20/v1/transfers")).body;
    expect(requests).toHaveLength(1);
  });
});

describe("a reversal while the expert's funds are pending", () => {
  beforeEach(() => journey.control("POST", "reversals", { mode: "available_only" }));

  it("is asked for again until they have come; the client does not wait for it", async () => {
    const session = await acceptedOffer(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect((await payoutOf(session)).state).toBe("reversing");
    expect(await checkoutState(session)).toBe("returned");
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 0]],
    });
    await expectBooks(journey, { ...undone, stripe_balance: -10_207, expert_receivable: 10_000 });

    for (let days = 0; days < 3; days += 1) await journey.advance(day);
    expect(await payoutOf(session)).toMatchObject({ state: "reversed", reversed_minor: 10_000 });
    expect(await owedByExperts()).toBe(0);
    await expectBooks(journey, undone);
  });

  it("asks for no second refund when the first has failed meanwhile", async () => {
    const session = await acceptedOffer(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    const [first] = await rows<{ stripe_id: string }>("select stripe_id from refunds");
    await journey.control("POST", "refunds", { refund: first?.stripe_id, status: "failed" });
    await journey.advance(10);
    expect(await checkoutState(session)).toBe("return_failed");

    for (let days = 0; days < 3; days += 1) await journey.advance(day);
    expect(await payoutOf(session)).toMatchObject({ state: "reversed", reversed_minor: 10_000 });
    expect((await atStripe(journey, session)).refunds).toEqual([[12_100, "failed"]]);
    expect(await attentionOf(session)).toEqual(["refund_failed"]);
    await expectProof(journey);
  });

  it("becomes a debt of the expert's when the funds have gone to a bank instead", async () => {
    const session = await acceptedOffer(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    const [transfer] = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
    await journey.fault("POST /v1/transfers/*/reversals", "500", 100);
    await journey.advance(3 * day);
    await journey.control("POST", "payouts", { account: transfer.destination });
    await journey.control("DELETE", "faults");
    await journey.advance(hour);
    await journey.advance(10);
    expect(await payoutOf(session)).toMatchObject({ state: "reversed", reversed_minor: 0 });
    expect(await owedByExperts()).toBe(hundred.priceMinor);
    await expectProof(journey);
  });
});

describe("a refund that waits for funds", () => {
  const refunds = () => rows<{ state: string; stripe_id: string }>("select state, stripe_id from refunds");

  async function waiting(): Promise<PaidSession> {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.control("POST", "refunds", { next: "pending_without_funds" });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    return session;
  }

  const end = async (status: string) => {
    const [one] = await refunds();
    await journey.control("POST", "refunds", { refund: one?.stripe_id, status });
    await journey.advance(1);
  };

  it("is posted when its money moves, and shown until then with Stripe's reason", async () => {
    const session = await waiting();
    expect(await refunds()).toMatchObject([{ state: "pending" }]);
    expect(await booksOf(journey)).toMatchObject({
      client_payable: -12_100,
      stripe_balance: 12_100 - hundred.feeMinor,
    });
    expect(await attentionOf(session)).toEqual(["refund_pending"]);
    expect(await rows("select note from attention where kind = 'refund_pending'")).toEqual([
      { note: "insufficient_funds" },
    ]);
    await expectProof(journey);

    await end("succeeded");
    expect(await refunds()).toMatchObject([{ state: "succeeded" }]);
    expect(await attentionOf(session)).toEqual([]);
    await expectBooks(journey, undone);
  });

  it("is owed to the client again when it fails, and was never posted", async () => {
    const session = await waiting();
    await end("failed");
    expect(await attentionOf(session)).toEqual(["refund_failed"]);
    expect(await booksOf(journey)).toMatchObject({ client_payable: -12_100 });
    await expectProof(journey);
  });

  it("made out-of-band is booked when its money moves, and nothing counts as returned before", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    const [charge] = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data;
    const made = await journey.control("POST", "refunds", { charge: charge.id, plan: "pending_without_funds" });
    await journey.advance(10);
    expect((await payoutOf(session)).state).toBe("held");
    await expectProof(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await checkoutState(session)).toBe("returning");
    await expectProof(journey);
    await journey.control("POST", "refunds", { refund: made.body.id, status: "succeeded" });
    await journey.advance(7 * hour);
    expect(await checkoutState(session)).toBe("returned");
    await expectBooks(journey, undone);
  });
});
