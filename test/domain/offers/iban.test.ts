import fc from "fast-check";
import { isValidIBAN } from "ibantools";
import { expect, it } from "vitest";
import { isSlovakIban } from "../../../src/domain/offers/iban";

function digits(length: number) {
  return fc.stringMatching(new RegExp(`^\\d{${length}}$`));
}

/** An account number with the check digits of ISO 13616, and with those of the account by chance: one in 121. */
const numbers = digits(20).map(
  (account) => `SK${String(98n - (BigInt(`${account}282000`) % 97n)).padStart(2, "0")}${account}`,
);

it("takes the account numbers that ibantools takes", () => {
  let taken = 0;
  fc.assert(
    fc.property(numbers, (number) => {
      taken += Number(isSlovakIban(number));
      expect(isSlovakIban(number)).toBe(isValidIBAN(number));
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(10);
});

it("takes one pair of check digits for an account, of the hundred", () => {
  const pairs = Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, "0"));
  expect(pairs.filter((pair) => isSlovakIban(`SK${pair}12000000198742637541`))).toEqual(["31"]);
});

it.each([
  "",
  "SK31",
  "SK31120000001987426375410",
  "SK311200000019874263754",
  "CZ6508000000192000145399",
  "sk3112000000198742637541",
  "SK31 1200 0000 1987 4263 7541",
  "SK3112000000198742637541\n",
  "SK٣١12000000198742637541",
])("does not take %j", (text) => {
  expect(isSlovakIban(text)).toBe(false);
});
