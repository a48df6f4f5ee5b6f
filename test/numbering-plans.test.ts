import { parsePhoneNumberFromString as parse } from "libphonenumber-js/core/es6";
import wholeMetadata from "libphonenumber-js/min/metadata";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, it } from "vitest";
import { numberingPlans } from "../src/cli/numbering-plans";

describe("the numbering plans that we serve to ourselves", () => {
  const plans = numberingPlans();
  const verdict = (text: string, metadata: typeof wholeMetadata) => {
    const number = parse(text, metadata);
    return [text, number?.number, number?.country, number?.isValid(), number?.isPossible()];
  };

  it("judge every country's numbers, and what is near them, as the library does", () => {
    const numbers = Object.entries(wholeMetadata.countries).flatMap(([country, [callingCode]]) => {
      const national = examples[country as keyof typeof examples] ?? "212345678";
      return nearTo(national).map((digits) => `+${callingCode}${digits}`);
    });
    const beyondCountries = Object.keys(wholeMetadata.nonGeographic).flatMap((callingCode) =>
      nearTo("12345678").map((digits) => `+${callingCode}${digits}`),
    );
    const all = [...numbers, ...beyondCountries];
    const ours = all.map((text) => verdict(text, plans));
    expect(ours).toEqual(all.map((text) => verdict(text, wholeMetadata)));
    const valid = ours.filter(([, , , isValid]) => isValid).length;
    expect(valid).toBeGreaterThan(all.length / 10);
    expect(valid).toBeLessThan(all.length * 0.9);
  });

  it("are the smaller for it", () => {
    expect(JSON.stringify(plans).length).toBeLessThan(JSON.stringify(wholeMetadata).length / 2);
  });
});

/** A number with every first and every second digit, longer, shorter, and dialled as at home. */
function nearTo(national: string): string[] {
  const digits = [..."0123456789"];
  return [
    national,
    ...digits.map((digit) => digit + national.slice(1)),
    ...digits.map((digit) => national[0] + digit + national.slice(2)),
    `${national}1`,
    national.slice(0, -1),
    `0${national}`,
  ];
}
