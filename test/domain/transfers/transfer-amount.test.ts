import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currencies } from "../../../src/domain/currency";
import {
  formatTransferAmount,
  isTransferAmount,
  readTransferAmount,
} from "../../../src/domain/transfers/transfer-amount";

describe("an amount", () => {
  it.each([
    ["1500", 15_000_000],
    ["1500.0000000", 15_000_000],
    ["0.0002", 2],
    ["0.5", 5_000],
    ["12.0301", 120_301],
    ["15e2", 15_000_000],
    ["1.5E+3", 15_000_000],
    ["20e-5", 2],
    ["0.00002e1", 2],
    ["900719925474.0991", Number.MAX_SAFE_INTEGER],
    // At this size a double cannot distinguish neighbours.
    ["900719925474.0990", Number.MAX_SAFE_INTEGER - 1],
  ])("%s is %i", (text, amount) => {
    expect(readTransferAmount(text)).toBe(amount);
  });

  it.each([
    ["0", "too_small"],
    ["0.0001", "too_small"], // the bound is exclusive
    ["1e-4", "too_small"],
    ["-0", "too_small"],
    ["-5", "too_small"],
    ["-0.00001", "too_small"],
    ["0.00011", "too_precise"],
    ["1.00005", "too_precise"],
    ["1e-5", "too_precise"],
    ["1e-999999999999", "too_precise"],
    ["900719925474.0992", "too_large"],
    ["9007199254740993", "too_large"],
    ["1e999999999999", "too_large"],
    ["", "not_a_number"],
    ["1,5", "not_a_number"],
    [".5", "not_a_number"],
    ["5.", "not_a_number"],
    ["+5", "not_a_number"],
    [" 5", "not_a_number"],
    ["0x10", "not_a_number"],
    ["Infinity", "not_a_number"],
    ["NaN", "not_a_number"],
    ["٣", "not_a_number"],
  ])("%j is none: %s", (text, problem) => {
    expect(readTransferAmount(text)).toBe(problem);
  });

  it("is read digit for digit, however it is written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }), fc.nat(6), (amount, zeros) => {
        const digits = amount.toString().padStart(5, "0");
        const plain = `${digits.slice(0, -4)}.${digits.slice(-4)}`;
        const spellings = [
          plain,
          plain + "0".repeat(zeros),
          `${amount}e-4`,
          `${amount}${"0".repeat(zeros)}e-${zeros + 4}`,
        ];
        for (const text of spellings) expect(readTransferAmount(text)).toBe(amount);
        expect(readTransferAmount(formatTransferAmount(amount))).toBe(amount);
        expect(isTransferAmount(amount)).toBe(true);
      }),
    );
  });

  it("is never rounded: one digit more is refused", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), fc.integer({ min: 1, max: 9 }), (amount, digit) => {
        const digits = amount.toString().padStart(5, "0");
        expect(readTransferAmount(`${digits.slice(0, -4)}.${digits.slice(-4)}${digit}`)).toBe("too_precise");
      }),
    );
  });

  it.each([
    [0, "0"],
    [2, "0.0002"],
    [5_000, "0.5"],
    [10_000, "1"],
    [1_000_000, "100"],
    [120_301, "12.0301"],
    [-120_300, "-12.03"],
    [-1, "-0.0001"],
    [Number.MAX_SAFE_INTEGER, "900719925474.0991"],
    [-Number.MAX_SAFE_INTEGER, "-900719925474.0991"],
  ])("%i is printed as %s", (amount, text) => {
    expect(formatTransferAmount(amount)).toBe(text);
  });

  it.each([1, 0, -5, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])("%d is none inside, either", (amount) => {
    expect(isTransferAmount(amount)).toBe(false);
  });
});

describe("the currencies of ISO 4217", () => {
  /** Withdrawn, and still known to the runtime, which must format old amounts. */
  const withdrawn = ["ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"];
  /** Funds, metals and units of account: nobody formats amounts of them. */
  const unformatted = "BOV CHE CHW CLF COU MXV USN UYI UYW VED XAD XAG XAU XBA XBB XBC XBD XPD XPT XUA".split(" ");
  /** Introduced since 2022: a runtime may be older. */
  const recent = ["SLE", "XCG", "ZWG"];
  const runtime = Intl.supportedValuesOf("currency");

  it("are all that the runtime knows, but for what was withdrawn", () => {
    expect(runtime.filter((code) => !currencies.has(code) && !withdrawn.includes(code))).toEqual([]);
    expect(withdrawn.filter((code) => currencies.has(code))).toEqual([]);
  });

  it("are known to the runtime, but for what is no money in hand and what is recent", () => {
    const explained = new Set([...runtime, ...unformatted, ...recent]);
    expect([...currencies.keys()].filter((code) => !explained.has(code))).toEqual([]);
    expect([...unformatted, ...recent].filter((code) => !currencies.has(code))).toEqual([]);
  });

  it.each(["X".repeat(3), "XTS", "DEM", "ZZZ", "ngn", "", "NG"])("%j is none of them", (code) => {
    expect(currencies.has(code)).toBe(false);
  });
});
