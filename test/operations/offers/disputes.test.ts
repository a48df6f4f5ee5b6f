import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { expectBooks, expectProof, hundred } from "../books";
import { attentionOf, checkoutState, owedByExperts, payoutOf, toldOf } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

/** Makes an offer of 100.00 that is paid and not confirmed. */
async function paidOffer({ onboarded = true } = {}): Promise<PaidSession> {
  const expert = await journey.registerExpert();
  if (onboarded) await journey.onboard(expert);
  await journey.advance(0);
  return journey.paidOffer({ price: hundred.price, expert, onboarded: false });
}

/** Makes an accepted one, paid out if the expert can be paid. */
async function acceptedOffer({ onboarded = true } = {}): Promise<PaidSession> {
  const session = await paidOffer({ onboarded });
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(1);
  expect((await payoutOf(session)).state).toBe(onboarded ? "paid" : "held");
  return session;
}

async function chargeOf({ testimonyId }: PaidSession): Promise<{ id: string; payment_intent: string }> {
  return (await journey.stripe(`/charges?transfer_group=${testimonyId}`)).data[0];
}

async function transferOf({ testimonyId }: PaidSession): Promise<{ id: string; amount_reversed: number }> {
  return (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data[0];
}

async function refundsOf(session: PaidSession): Promise<number[]> {
  const { data } = await journey.stripe(`/refunds?charge=${(await chargeOf(session)).id}`);
  return data.map((one: { amount: number }) => one.amount);
}

/** Disputes the payment. Returns the dispute's id. */
async function dispute(session: PaidSession): Promise<string> {
  return (await journey.control("POST", "disputes", { charge: (await chargeOf(session)).id })).body.id;
}

function decide(disputeId: string, status: "won" | "lost") {
  return journey.control("POST", "disputes", { dispute: disputeId, status });
}

function operatorRefund({ testimonyId }: PaidSession) {
  return journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason: "The expert fell ill." });
}

const disputeFeeMinor = 2_000; // what the emulator charges for one

/** The ledger after one accepted and paid out offer of 100.00. */
const paidOut = {
  stripe_balance: hundred.totalMinor - hundred.feeMinor - hundred.priceMinor,
  stripe_fees: hundred.feeMinor,
  commission: -hundred.commissionMinor,
};

/** The ledger after everything was returned: Stripe keeps its fee. */
const undone = { stripe_balance: -hundred.feeMinor, stripe_fees: hundred.feeMinor };

const withheld = {
  ...paidOut,
  stripe_balance: paidOut.stripe_balance - hundred.totalMinor - disputeFeeMinor,
  stripe_fees: hundred.feeMinor + disputeFeeMinor,
  disputed_funds: hundred.totalMinor,
};

describe("a dispute after the payout", () => {
  it.each(["deliver", "duplicate", "shuffle"] as const)("is withheld, then won (events: %s)", async (mode) => {
    const session = await acceptedOffer();
    await journey.events(mode);
    const id = await dispute(session);
    await journey.advance(1);
    await expectBooks(journey, withheld);
    expect(await attentionOf(session)).toEqual(["dispute_open"]);
    await decide(id, "won");
    await journey.advance(1);
    await expectBooks(journey, {
      ...paidOut,
      stripe_balance: paidOut.stripe_balance - disputeFeeMinor,
      stripe_fees: hundred.feeMinor + disputeFeeMinor,
    });
    expect(await attentionOf(session)).toEqual([]);
    expect(await journey.state(session)).toBe("accepted");
    expect(await toldOf(session)).toEqual([
      "offer.accepted",
      "payout.paid",
      "payment.disputed",
      "payment.dispute_closed",
    ]);
  });

  it("is withheld, then lost", async () => {
    const session = await acceptedOffer();
    const id = await dispute(session);
    await journey.advance(1);
    await decide(id, "lost");
    await journey.advance(1);
    const { disputed_funds: lost, ...rest } = withheld;
    await expectBooks(journey, { ...rest, dispute_losses: lost });
    expect(await attentionOf(session)).toEqual(["dispute_lost"]);
  });

  it("is found in Stripe's list when no event comes", async () => {
    const session = await acceptedOffer();
    await journey.events("drop");
    const id = await dispute(session);
    await journey.advance(11 * 60);
    await expectBooks(journey, withheld);
    await decide(id, "lost");
    await journey.advance(11 * 60);
    const { disputed_funds: lost, ...rest } = withheld;
    await expectBooks(journey, { ...rest, dispute_losses: lost });
  });
});

describe("a dispute before the payout", () => {
  it("keeps the money here until it is won", async () => {
    const session = await acceptedOffer({ onboarded: false });
    const id = await dispute(session);
    await journey.advance(1);
    await journey.onboard(session.expert);
    await journey.advance(60);
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["dispute_open"] });
    await expectProof(journey);
    await decide(id, "won");
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", holds: [] });
    await expectProof(journey);
  });

  it("leaves what else an operator must look at when it is won", async () => {
    const session = await acceptedOffer();
    await journey.control("POST", "refunds", { next: "fail" });
    await operatorRefund(session);
    await journey.advance(10);
    expect(await attentionOf(session)).toEqual(["refund_failed"]);
    const id = await dispute(session);
    await journey.advance(1);
    await decide(id, "won");
    await journey.advance(1);
    expect(await attentionOf(session)).toEqual(["refund_failed"]);
    await expectProof(journey);
  });
});

describe("a refund made at Stripe, out-of-band", () => {
  async function refundAtStripe(session: PaidSession, amount?: number): Promise<void> {
    const { payment_intent } = await chargeOf(session);
    const made = await journey.stripePost("/refunds", { payment_intent, ...(amount === undefined ? {} : { amount }) });
    expect(made.object).toBe("refund");
  }

  it.each(["deliver", "duplicate", "shuffle"] as const)(
    "is booked once, and the offer stays accepted (events: %s)",
    async (mode) => {
      const session = await acceptedOffer();
      await journey.events(mode);
      await refundAtStripe(session);
      await journey.advance(1);
      const afterwards = {
        ...paidOut,
        stripe_balance: paidOut.stripe_balance - 12_100,
        refunds_made_at_stripe: 12_100,
      };
      await expectBooks(journey, afterwards);
      expect(await attentionOf(session)).toEqual(["refunded_at_stripe"]);
      expect(await journey.state(session)).toBe("accepted");
      expect((await toldOf(session)).filter((type) => type === "payment.refunded_at_stripe")).toHaveLength(1);
    },
  );

  it("that fails later is taken back", async () => {
    const session = await acceptedOffer();
    await journey.control("POST", "refunds", { next: "succeed_then_fail" });
    await refundAtStripe(session);
    await journey.advance(1);
    await journey.advance(60);
    await expectBooks(journey, paidOut);
  });

  it("leaves nothing to give back when the operator refunds", async () => {
    const session = await acceptedOffer();
    await refundAtStripe(session);
    await journey.advance(1);
    expect((await operatorRefund(session)).status).toBe(204);
    await journey.advance(30);
    expect(await refundsOf(session)).toEqual([12_100]);
    expect((await transferOf(session)).amount_reversed).toBe(10_000);
    expect(await checkoutState(session)).toBe("returned");
    await expectBooks(journey, undone);
  });

  it.each(["deliver", "drop"] as const)(
    "in part leaves the rest to the operator's refund (events: %s)",
    async (mode) => {
      const session = await acceptedOffer();
      await journey.events(mode);
      await refundAtStripe(session, 5_000);
      await journey.advance(1);
      expect((await operatorRefund(session)).status).toBe(204);
      await journey.advance(30);
      await journey.advance(11 * 60);
      expect((await refundsOf(session)).sort()).toEqual([5_000, 7_100]);
      expect(await checkoutState(session)).toBe("returned");
      await expectBooks(journey, undone);
    },
  );

  it("before the payment was confirmed is booked", async () => {
    await journey.events("drop");
    const session = await paidOffer({ onboarded: false });
    await journey.events("hold");
    await refundAtStripe(session);
    await journey.flushEvents();
    await journey.advance(1);
    await journey.accept(session);
    await journey.advance(1);
    await expectProof(journey);
  });
});

describe("a reversal made at Stripe, out-of-band", () => {
  async function reverseAtStripe(session: PaidSession, amount?: number): Promise<void> {
    const { id } = await transferOf(session);
    const made = await journey.stripePost(`/transfers/${id}/reversals`, amount === undefined ? {} : { amount });
    expect(made.object).toBe("transfer_reversal");
  }

  it.each(["deliver", "duplicate", "shuffle"] as const)(
    "is owed to the expert again, once (events: %s)",
    async (mode) => {
      const session = await acceptedOffer();
      await journey.events(mode);
      await reverseAtStripe(session, 4_000);
      await reverseAtStripe(session, 6_000);
      await journey.advance(1);
      await expectBooks(journey, {
        ...paidOut,
        stripe_balance: paidOut.stripe_balance + 10_000,
        expert_payable: -10_000,
      });
      expect(await attentionOf(session)).toEqual(["transfer_reversed_at_stripe", "transfer_reversed_at_stripe"]);
    },
  );

  it.each([
    ["whole", "deliver", undefined],
    ["in part", "deliver", 4_000],
    ["whole", "drop", undefined],
    ["in part", "drop", 4_000],
  ] as const)("%s leaves the expert no debt when the operator refunds (events: %s)", async (_, mode, amount) => {
    const session = await acceptedOffer();
    await journey.events(mode);
    await reverseAtStripe(session, amount);
    if (mode === "deliver") await journey.advance(1);
    expect((await operatorRefund(session)).status).toBe(204);
    await journey.advance(30);
    await journey.advance(11 * 60);
    expect((await transferOf(session)).amount_reversed).toBe(10_000);
    expect(await refundsOf(session)).toEqual([12_100]);
    expect(await owedByExperts()).toBe(0);
    await expectBooks(journey, undone);
  });
});
