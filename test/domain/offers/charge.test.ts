import { describe, expect, it } from "vitest";
import { type ChargeMoney, goneMinor, refundableMinor, stillOurs } from "../../../src/domain/offers/charge";
import { commissionShare } from "../../../src/domain/offers/commission";
import { holdsOfCharge, owedMinor, type PayoutAmounts } from "../../../src/domain/offers/payout";

const whole: ChargeMoney = {
  capturedMinor: 12_100,
  refundedByUsMinor: 0,
  refundedPastUsMinor: 0,
  waitingPastUsMinor: 0,
  openMinor: 0,
  lostMinor: 0,
  paidOutMinor: 0,
  spentPastUsMinor: 0,
  hasOpenDispute: false,
};

describe("a charge's money", () => {
  it.each([
    [{}, 12_100, 0, 12_100],
    [{ refundedByUsMinor: 1_000 }, 11_100, 0, 11_100],
    [{ refundedPastUsMinor: 1_000 }, 11_100, 1_000, 11_100],
    [{ openMinor: 12_100, hasOpenDispute: true }, 0, 12_100, 0],
    [{ lostMinor: 7_000, refundedPastUsMinor: 5_100 }, 0, 12_100, 0],
    [{ paidOutMinor: 10_000 }, 2_100, 0, 12_100],
    [{ spentPastUsMinor: 4_000 }, 8_100, 4_000, 12_100],
    [{ lostMinor: 12_100, paidOutMinor: 10_000 }, 0, 12_100, 0],
  ] as const)("%o: %i is still ours, %i is gone, %i can be refunded", (moved, ours, gone, refundable) => {
    const money = { ...whole, ...moved };
    expect(stillOurs(money)).toBe(ours);
    expect(goneMinor(money)).toBe(gone);
    expect(refundableMinor(money)).toBe(refundable);
  });

  it.each([
    [{}, 0, []],
    [{ refundedByUsMinor: 1_210 }, 0, []],
    [{ refundedPastUsMinor: 1 }, 0, ["refunded_at_stripe"]],
    [{ refundedPastUsMinor: 1 }, 1, []],
    [{ refundedPastUsMinor: 2 }, 1, ["refunded_at_stripe"]],
    [{ openMinor: 100, hasOpenDispute: true, lostMinor: 50 }, 0, ["dispute_open", "dispute_lost"]],
    [{ lostMinor: 100 }, 100, []],
    [{ spentPastUsMinor: 100 }, 0, ["charge_spent"]],
    [{ refundedPastUsMinor: 5_000 }, 5_000, ["charge_spent"]],
  ] as const)("%o with %i accepted as gone holds its payout for %o", (moved, accepted, holds) => {
    expect(holdsOfCharge({ ...whole, ...moved }, accepted, 9_000)).toEqual(holds);
  });
});

describe("what an expert is owed", () => {
  const payout: PayoutAmounts = {
    state: "due",
    amountMinor: 10_000,
    loweredMinor: 0,
    sentMinor: 0,
    nettedMinor: 0,
    reversedMinor: 0,
  };

  it.each([
    [{}, 10_000],
    [{ loweredMinor: 1_000 }, 9_000],
    [{ state: "sending", nettedMinor: 3_000 }, 10_000],
    [{ state: "paid", sentMinor: 7_000, nettedMinor: 3_000 }, 0],
    [{ state: "paid", sentMinor: 10_000, reversedMinor: 4_000 }, 4_000],
    [{ state: "paid", sentMinor: 10_000, loweredMinor: 5_000 }, -5_000],
    [{ state: "paid", sentMinor: 10_000, loweredMinor: 5_000, reversedMinor: 5_000 }, 0],
    [{ state: "reversed", sentMinor: 10_000, loweredMinor: 10_000, reversedMinor: 6_000 }, -4_000],
    [{ state: "cancelled", loweredMinor: 10_000 }, 0],
  ] as const)("%o: %i", (changes, owed) => expect(owedMinor({ ...payout, ...changes })).toBe(owed));
});

describe("a commission that goes back in parts", () => {
  it.each([1, 3_333, 6_050, 9_384, 12_100])("is shared out without a remainder up to %i", (returned) => {
    const charge = { priceMinor: 10_000, commissionMinor: 2_100, totalMinor: 12_100 };
    const share = commissionShare(charge, returned);
    expect(Math.abs(share - (returned * 2_100) / 12_100)).toBeLessThanOrEqual(0.5);
    expect(commissionShare(charge, 12_100)).toBe(2_100);
  });
});
