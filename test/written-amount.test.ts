import { describe, expect, it } from "vitest";
import { readTransferAmount } from "../src/domain/transfers/transfer-amount";
import { priceCents, transferUnits } from "./e2e/kill/amounts";
import { chance } from "./e2e/kill/chance";
import { euroDecimals, transferDecimals, written } from "./written-amount";

/** With the first seed, the load of the kill test once made an amount of more than four decimals. */
describe.each([591787016, 1])("the amounts of the kill test's load, seed %i", (seed) => {
  const decide = chance(seed);

  it("are what was drawn, digit for digit, and can be transferred", () => {
    for (let turn = 0; turn < 100_000; turn += 1) {
      const units = transferUnits(decide);
      const body = JSON.stringify({ amount: written(units, transferDecimals) });
      expect(readTransferAmount(body.slice('{"amount":'.length, -1)), body).toBe(units);
    }
  });

  it("are prices in whole cents", () => {
    for (let turn = 0; turn < 100_000; turn += 1) {
      const cents = priceCents(decide);
      const [, euros, rest] = /^(\d+)\.(\d\d)$/.exec(JSON.stringify(written(cents, euroDecimals))) ?? [];
      expect(`${euros}${rest}`).toBe(String(cents));
    }
  });
});

it.each([
  [2, "0.0002"],
  [10_000, "1.0000"],
  [Number.MAX_SAFE_INTEGER, "900719925474.0991"],
])("%i is written as %s", (units, text) => {
  expect(JSON.stringify(written(units, transferDecimals))).toBe(text);
});
