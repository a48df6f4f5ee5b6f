import { describe, expect, it } from "vitest";
import { chargeRange, currencies } from "../../../src/domain/currency";
import { chargeFor, highestPrice } from "../../../src/domain/offers/commission";
import { chargeProblem, feeOfCapture, partProblem, proportionalFee } from "../../../src/domain/payments/charge-amount";
import { isCharged, refuseUncarried, smallestMinor } from "../../../src/sandbox/core/currency-rules";

describe("what can be charged", () => {
  it.each([
    ["usd", 50, 99_999_999],
    ["gbp", 30, 99_999_999],
    ["jpy", 50, 99_999_999],
    ["huf", 17_500, 99_999_999],
    ["inr", 50, 999_999_999],
    ["cop", 50, 9_999_999_999],
    ["idr", 50, 999_999_999_999],
    ["kwd", 10, 99_999_990],
    ["isk", 100, 99_999_900],
  ])("in %s is from %i to %i", (currency, min, max) => {
    expect([min, max].map((amount) => chargeProblem(amount, currency))).toEqual([undefined, undefined]);
    for (const amount of [min - 1, max + 1]) {
      expect(chargeProblem(amount, currency)).toMatch(new RegExp(`^must be from ${min} to ${max}.* in ${currency}$`));
    }
  });

  it.each([
    ["kwd", 1_005, 10],
    ["tnd", 1_001, 10],
    ["isk", 550, 100],
    ["ugx", 501, 100],
  ])("in %s is not %i", (currency, amount, step) => {
    expect(chargeProblem(amount, currency)).toContain(`a multiple of ${step}`);
    expect(partProblem(amount, currency)).toBe(`must be a multiple of ${step} in ${currency}`);
  });

  it("is nothing in what Stripe does not take", () => {
    expect(chargeProblem(1_000, "xau")).toBe("cannot be charged in xau");
  });

  it("is never more than the sandbox, which has a list of its own, takes, and no currency less", () => {
    for (const [code] of currencies) {
      const currency = code.toLowerCase();
      const range = chargeRange(currency);
      expect([currency, isCharged(currency)]).toEqual([currency, range !== undefined]);
      if (!range) continue;
      for (const amount of [Math.max(range.minMinor, smallestMinor(currency)), range.maxMinor]) {
        const carried = amount - (amount % range.stepMinor);
        expect(() => refuseUncarried(carried, currency, "amount")).not.toThrow();
        expect(() => refuseUncarried(range.maxMinor + range.stepMinor, currency, "amount")).toThrow();
        if (range.stepMinor > 1) expect(() => refuseUncarried(carried - 1, currency, "amount")).toThrow();
      }
    }
  });
});

describe("our fee of a part", () => {
  it.each([
    [50, 1000, 1000, "usd", 50],
    [50, 600, 1000, "usd", 30],
    [5, 100, 1000, "usd", 1], // half a cent goes up
    [5, 99, 1000, "usd", 0],
    [1, 999, 1000, "usd", 1],
    [1000, 1, 1000, "usd", 1],
    [0, 600, 1000, "usd", 0],
    [900_719_925_474, 999_999_999_998, 999_999_999_999, "idr", 900_719_925_473], // no double multiplies these
    [50, 330, 1000, "kwd", 20], // 16.5 is rounded to 20
    [40, 330, 1000, "kwd", 10],
    [1000, 10, 1000, "kwd", 10],
    [100, 400, 1000, "isk", 0],
    [100, 500, 1000, "isk", 100],
  ])("of %i, %i of %i in %s, is %i", (fee, part, whole, currency, due) => {
    expect(proportionalFee(fee, part, whole, currency)).toBe(due);
  });

  it.each([
    [50, 600, 1000, "usd", 30],
    [5, 99, 1000, "usd", 1], // Stripe takes no fee of zero
    [100, 400, 1000, "isk", 100],
    [10, 10, 1000, "kwd", 10],
  ])("of %i, when %i of %i are captured in %s, is %i", (fee, part, whole, currency, due) => {
    expect(feeOfCapture(fee, part, whole, currency)).toBe(due);
  });
});

it("the highest price is the last that fits with its commission", () => {
  for (const rate of [0, 1, 333, 2_100, 9_999, 10_000]) {
    const price = highestPrice(99_999_999, rate);
    expect(chargeFor(price, rate).totalMinor).toBeLessThanOrEqual(99_999_999);
    expect(chargeFor(price + 1, rate).totalMinor).toBeGreaterThan(99_999_999);
  }
});
