import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, isId, makeId } from "../../src/domain/id";
import { adjust, assertBalanced, move } from "../../src/domain/ledger";
import { formatDecimal, parseDecimal } from "../../src/domain/money";
import { chargeFor } from "../../src/domain/offers/commission";

describe("commission", () => {
  it.each([
    // price, commission and total in cents, ties included
    [10_000, 2_100, 12_100],
    [9_999, 2_100, 12_099],
    [1_050, 221, 1_271],
    [14_950, 3_140, 18_090],
    [50, 11, 61],
    [2, 0, 2],
    [123_456, 25_926, 149_382],
  ])("of %i is %i, in all %i", (priceMinor, commissionMinor, totalMinor) => {
    expect(chargeFor(priceMinor, 2_100)).toEqual({
      priceMinor,
      commissionMinor,
      totalMinor,
      commissionBasisPoints: 2_100,
    });
  });

  it("is on top, never lost, and half up, whatever the price and rate", () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.nat(10_000), (price, rate) => {
        const charge = chargeFor(price, rate);
        expect(charge.totalMinor).toBe(price + charge.commissionMinor);
        const error = BigInt(charge.commissionMinor) * 10_000n - BigInt(price) * BigInt(rate);
        expect(error > -5_000n && error <= 5_000n).toBe(true);
      }),
    );
  });
});

describe("decimals", () => {
  it.each(["", "1.", ".5", "01", "1e3", "-1", "+1", "1,5", " 1", "1.005", "٣", "90071992547409.93"])(
    "refuses %j",
    (text) => {
      expect(parseDecimal(text, 2)).toBeUndefined();
    },
  );
  it("reads back what it prints, digit for digit", () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.constantFrom(0, 2, 3, 4), (minor, exponent) => {
        expect(parseDecimal(formatDecimal(minor, exponent), exponent)).toBe(minor);
      }),
    );
  });
});

describe("ids", () => {
  it("carry their shard, their version and their time", () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 46),
        fc.nat(4095),
        fc.uint8Array({ minLength: 9, maxLength: 9 }),
        (time, bucket, random) => {
          const id = makeId(time, bucket, random);
          expect(isId(id)).toBe(true);
          expect(bucketOf(id)).toBe(bucket);
          expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(time);
        },
      ),
    );
  });
  it.each(["", "x", "00000000-0000-4000-8000-000000000000", "00000000-0000-8000-c000-000000000000"])(
    "%j is none",
    (text) => {
      expect(isId(text)).toBe(false);
    },
  );
});

describe("postings", () => {
  it("refuse to be unbalanced, negative or fractional", () => {
    expect(() => assertBalanced([{ account: "commission", currency: "eur", amountMinor: 1 }])).toThrow(
      "do not balance",
    );
    expect(() => move(-1, "eur", { debit: "commission", credit: "client_payable" })).toThrow("not an amount");
    expect(() => move(0.5, "eur", { debit: "commission", credit: "client_payable" })).toThrow("not an amount");
  });
  it("are adjusted by the difference, and not at all the second time", () => {
    const target = { disputed_funds: 100, stripe_fees: 20, stripe_balance: -120 };
    const first = adjust(target, new Map(), "eur", "dp_1");
    assertBalanced(first);
    const posted = new Map(first.map((line) => [line.account, line.amountMinor]));
    expect(adjust(target, posted, "eur", "dp_1")).toEqual([]);
    const lost = adjust({ dispute_losses: 100, stripe_fees: 20, stripe_balance: -120 }, posted, "eur", "dp_1");
    expect(lost).toEqual([
      { account: "dispute_losses", currency: "eur", amountMinor: 100, reference: "dp_1" },
      { account: "disputed_funds", currency: "eur", amountMinor: -100, reference: "dp_1" },
    ]);
  });
});
