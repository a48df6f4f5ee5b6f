import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { expectBooks, expectProof, hundred } from "../books";
import { attentionOf, checkoutState, owedByExperts, payoutOf, rows, toldOf } from "../rows";
import { acceptedOffer, atStripe, refund, undone } from "./accepted-offer";
import { emptyAccountOf, refundAtStripe } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

function refundPart({ testimonyId }: PaidSession, amount: number) {
  return journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason: "Half the work.", amount });
}

describe("a part of an acceptance", () => {
  it("lowers a payout that was not sent, and the commission with it", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    expect((await refundPart(session, 1_210)).status).toBe(204);
    await journey.advance(10);
    await expectBooks(journey, {
      stripe_balance: 12_100 - hundred.feeMinor - 1_210,
      stripe_fees: hundred.feeMinor,
      commission: -1_890,
      expert_payable: -9_000,
    });
    expect(await journey.state(session)).toBe("accepted");
    expect(await checkoutState(session)).toBe("accepted");
    await journey.onboard(session.expert);
    await journey.advance(1);
    expect(await atStripe(journey, session)).toEqual({ refunds: [[1_210, "succeeded"]], transfers: [[9_000, 0]] });
    expect(await toldOf(session)).toContain("offer.payment_partly_returned");
    expect(await toldOf(session)).not.toContain("offer.payment_returned");
    await expectProof(journey);
  });

  it("takes its share of a transfer back", async () => {
    const session = await acceptedOffer(journey);
    expect((await refundPart(session, 6_050)).status).toBe(204);
    await journey.advance(10);
    expect(await atStripe(journey, session)).toEqual({ refunds: [[6_050, "succeeded"]], transfers: [[10_000, 5_000]] });
    expect(await payoutOf(session)).toMatchObject({ state: "paid", lowered_minor: 5_000, reversed_minor: 5_000 });
    await expectBooks(journey, {
      stripe_balance: 12_100 - hundred.feeMinor - 6_050 - 5_000,
      stripe_fees: hundred.feeMinor,
      commission: -1_050,
    });
    expect(await owedByExperts()).toBe(0);
  });

  it("becomes a debt of the expert when the account is empty", async () => {
    const session = await acceptedOffer(journey);
    await emptyAccountOf(journey, session);
    expect((await refundPart(session, 6_050)).status).toBe(204);
    await journey.advance(120);
    expect(await atStripe(journey, session)).toEqual({ refunds: [[6_050, "succeeded"]], transfers: [[10_000, 0]] });
    expect(await owedByExperts()).toBe(5_000);
    expect((await refundPart(session, 1_210)).status).toBe(204);
    await journey.advance(120);
    expect(await owedByExperts()).toBe(6_000);
    await expectProof(journey);
  });

  it("of a payout that was netted becomes a debt again", async () => {
    const session = await acceptedOffer(journey);
    await emptyAccountOf(journey, session);
    expect((await refundPart(session, 6_050)).status).toBe(204);
    await journey.advance(120);
    const second = await journey.paidOffer({ price: 40, expert: session.expert, onboarded: false });
    expect((await journey.accept(second)).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(second)).toMatchObject({ state: "paid", netted_minor: 4_000, transfer_id: null });
    expect(await owedByExperts()).toBe(1_000);
    expect((await refundPart(second, 2_420)).status).toBe(204);
    await journey.advance(120);
    expect(await owedByExperts()).toBe(3_000);
    await expectProof(journey);
  });

  it("may be followed by others, and the last of them ends the acceptance", async () => {
    const session = await acceptedOffer(journey);
    for (const amount of [1, 3_333, 6_050]) {
      expect((await refundPart(session, amount)).status).toBe(204);
      await journey.advance(10);
      await expectProof(journey);
    }
    expect((await refundPart(session, 2_717)).body).toMatchObject({ status: 422, code: "amount_exceeds_refundable" });
    expect((await refundPart(session, 2_716)).status).toBe(204);
    await journey.advance(30);
    expect(await journey.state(session)).toBe("cancelled");
    expect(await checkoutState(session)).toBe("returned");
    const { refunds, transfers } = await atStripe(journey, session);
    expect(refunds.map(([amount]: [number]) => amount)).toEqual([2_716, 6_050, 3_333, 1]);
    expect(transfers).toEqual([[10_000, 10_000]]);
    await expectBooks(journey, undone);
    expect((await refundPart(session, 1)).status).toBe(409);
  });

  it("is never given twice, however often it is asked at once", async () => {
    const session = await acceptedOffer(journey);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refundPart(session, 6_050)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 409, 409, 409]);
    await journey.advance(30);
    const { refunds } = await atStripe(journey, session);
    expect(refunds.map(([amount]: [number]) => amount)).toEqual([6_050, 6_050]);
    await expectBooks(journey, undone);
  });

  it("asked for at once with others that do not fit beside it is the only one", async () => {
    const session = await acceptedOffer(journey);
    const answers = await Promise.all([7_000, 7_001, 7_002].map((amount) => refundPart(session, amount)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422, 422]);
    await journey.advance(30);
    const { refunds } = await atStripe(journey, session);
    expect(refunds).toHaveLength(1);
    expect(await checkoutState(session)).toBe("accepted");
    await expectProof(journey);
  });

  it("asked for at once with the whole gives nothing twice", async () => {
    const session = await acceptedOffer(journey);
    const answers = await Promise.all([
      refundPart(session, 3_000),
      refund(journey, session),
      refundPart(session, 4_000),
    ]);
    expect(answers[1]?.status).toBe(204);
    await journey.advance(30);
    const { refunds } = await atStripe(journey, session);
    expect(refunds.reduce((sum: number, [amount]: [number]) => sum + amount, 0)).toBe(12_100);
    await expectBooks(journey, undone);
  });

  it("that arrives while the whole is being taken back asks for nothing twice", async () => {
    const session = await acceptedOffer(journey);
    await journey.control("POST", "refunds", { next: "pending_then_succeed" });
    expect((await refundPart(session, 3_000)).status).toBe(204);
    await journey.advance(10);
    await journey.fault("POST /v1/transfers/*/reversals", "timeout_before", 1_000);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(2 * 60 * 60);
    await journey.control("DELETE", "faults");
    await journey.advance(2 * 60 * 60);
    expect(await atStripe(journey, session)).toEqual({
      refunds: [
        [9_100, "succeeded"],
        [3_000, "succeeded"],
      ],
      transfers: [[10_000, 10_000]],
    });
    const asked = await rows<{ amount: number }>("select amount_minor as amount from refunds order by amount_minor");
    expect(asked.map(({ amount }) => amount)).toEqual([3_000, 9_100]);
    expect(await rows("select kind, failure from stripe_effects where state <> 'done'")).toEqual([]);
    expect(await checkoutState(session)).toBe("returned");
    expect(await attentionOf(session)).toEqual([]);
    await expectBooks(journey, undone);
  });

  it("of all of it, made at Stripe while the whole is being taken back, leaves nothing to ask for", async () => {
    const session = await acceptedOffer(journey);
    await journey.fault("POST /v1/transfers/*/reversals", "timeout_before", 1_000);
    expect((await refund(journey, session)).status).toBe(204);
    await refundAtStripe(journey, session, 12_100);
    await journey.advance(60);
    await journey.control("DELETE", "faults");
    await journey.advance(2 * 60 * 60);
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    expect(await checkoutState(session)).toBe("returned");
    await expectProof(journey);
  });

  it("that fails is owed, and the next one gives it first", async () => {
    const session = await acceptedOffer(journey);
    await journey.control("POST", "refunds", { next: "fail" });
    expect((await refundPart(session, 1_210)).status).toBe(204);
    await journey.advance(10);
    expect(await attentionOf(session)).toEqual(["refund_failed"]);
    const lowered = {
      stripe_balance: 12_100 - hundred.feeMinor - 9_000,
      stripe_fees: hundred.feeMinor,
      commission: -1_890,
    };
    await expectBooks(journey, { ...lowered, client_payable: -1_210 });
    expect((await refundPart(session, 1_210)).status).toBe(204);
    await journey.advance(10);
    await expectBooks(journey, { ...lowered, stripe_balance: lowered.stripe_balance - 1_210 });
    expect(await attentionOf(session)).toEqual([]);
    expect(await journey.state(session)).toBe("accepted");
  });

  it("leaves the rest to a whole refund, whatever was given back out-of-band", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    expect((await refundPart(session, 3_000)).status).toBe(204);
    await journey.advance(10);
    await refundAtStripe(journey, session, 2_000);
    await journey.advance(10);
    expect((await refundPart(session, 7_101)).status).toBe(422);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(30);
    const { refunds } = await atStripe(journey, session);
    expect(refunds.map(([amount]: [number]) => amount)).toEqual([7_100, 2_000, 3_000]);
    await expectBooks(journey, undone);
  });

  it("can exceed what was paid not even in the database", async () => {
    await acceptedOffer(journey, { onboarded: false });
    const more = env.DB.prepare("update checkouts set refunded_minor = total_minor + 1").run();
    await expect(more).rejects.toThrow("CHECK constraint failed");
  });
});
