import { readFileSync } from "node:fs";
import * as whole from "ibantools";
import { describe, expect, it } from "vitest";
import * as trimmed from "#iban";
import { trimCountries } from "../src/cli/write-iban";

const right = "SK3112000000198742637541";

describe("the rules for account numbers as the Worker holds them", () => {
  it("judge what is near a Slovak number as the library does", () => {
    const digits = [..."0123456789"];
    const near = [...right].flatMap((_, at) => digits.map((digit) => right.slice(0, at) + digit + right.slice(at + 1)));
    const all = [right, `${right}0`, right.slice(0, -1), ...near, ...near.map(withCheckDigits)];
    const verdicts = (tools: Pick<typeof whole, "isValidIBAN">) => all.map((text) => [text, tools.isValidIBAN(text)]);
    expect(verdicts(trimmed)).toEqual(verdicts(whole));
    expect(verdicts(trimmed).filter(([, valid]) => valid).length).toBeGreaterThan(1);
    expect(trimmed.electronicFormatIBAN(" sk31 1200-0000")).toBe(whole.electronicFormatIBAN(" sk31 1200-0000"));
  });

  it("know no other country", () => {
    expect([whole, trimmed].map((tools) => tools.isValidIBAN("CZ6508000000192000145399"))).toEqual([true, false]);
  });

  it("are not made of a table that is written in another way", () => {
    const source = readFileSync("node_modules/ibantools/jsnext/ibantools.js", "utf8");
    expect(() => trimCountries(source.replace("    CZ: {", "    'CZ': {"))).toThrow("another version");
    expect(() => trimCountries(source.replace("    SK: {", "    SQ: {"))).toThrow("another version");
  });
});

/** The same account with check digits of the whole that are right, so that its own are looked at. */
function withCheckDigits(text: string): string {
  const account = text.slice(4);
  const remainder = BigInt(`${account}282000`) % 97n;
  return `SK${String(98n - remainder).padStart(2, "0")}${account}`;
}
