import { describe, expect, it } from "vitest";
import { keepDigits } from "../src/console/keep-digits";
import { decimalsOf, parseMinor, printMinor, sumMinor } from "../src/console/parts/amount";
import { currencies } from "../src/domain/currency";

describe("money in the console", () => {
  it("has the decimals of the ledger's units, in which Stripe's differ from ISO 4217", () => {
    const ofStripe: Record<string, number> = { MGA: 0, ISK: 2, UGX: 2 };
    for (const [code, { decimals }] of currencies) {
      expect([code, decimalsOf(code.toLowerCase())]).toEqual([code, ofStripe[code] ?? decimals]);
    }
  });

  it("is printed digit by digit", () => {
    expect(printMinor(1, 2)).toBe("0.01");
    expect(printMinor(-123456789, 2)).toBe("−1,234,567.89");
    expect(printMinor(1000, 0)).toBe("1,000");
    expect(printMinor(0, 3)).toBe("0.000");
    expect(printMinor("9007199254740993", 2)).toBe("90,071,992,547,409.93");
  });

  it("keeps every digit of what the API answers", () => {
    const answer =
      '{"sum":9007199254740993,"few":-12,"text":"9007199254740993, \\"1.50\\"","amount":1500.0000,"list":[0.10]}';
    expect(JSON.parse(keepDigits(answer))).toEqual({
      sum: "9007199254740993",
      few: -12,
      text: '9007199254740993, "1.50"',
      amount: "1500.0000",
      list: ["0.10"],
    });
  });

  it("is added exactly", () => {
    expect(sumMinor(["9007199254740993", 2, -1])).toBe("9007199254740994");
  });

  it("is typed with the decimals of its currency, and nothing else", () => {
    expect(parseMinor("180.90", 2)).toBe(18_090);
    expect(parseMinor(" 180,9 ", 2)).toBe(18_090);
    expect(parseMinor("180", 2)).toBe(18_000);
    for (const wrong of ["", "180.905", "1e3", "-1", "180.90 EUR", "0x1", "1,234.56"]) {
      expect([wrong, parseMinor(wrong, 2)]).toEqual([wrong, undefined]);
    }
  });
});
