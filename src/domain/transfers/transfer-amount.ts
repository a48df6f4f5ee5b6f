import { currencies } from "../currency";
import { formatDecimal } from "../money";

/** The decimals of every amount of the transfers contract, whatever the currency. */
const scale = 4;

/** 900719925474.0991: the largest amount that JSON, D1 and JavaScript all hold exactly at this scale. */
const amountMax = BigInt(Number.MAX_SAFE_INTEGER);

/** The bound is exclusive: 0.0001 is too little. */
const amountBound = 1n;

/** The reasons why a text is not an amount. */
export type AmountProblem = "not_a_number" | "too_precise" | "too_small" | "too_large";

/**
 * Reads an amount from the text of a JSON number, digit by digit, without a float. Decimals beyond the scale are
 * refused, never rounded; trailing zeros do not count. Returns an integer of scale 4, or the problem.
 */
export function readTransferAmount(text: string): number | AmountProblem {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return "not_a_number";
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (sign === "-" || significant === "") return "too_small";
  const shift = Number(exponent) - fraction.length + (digits.length - significant.length) + scale;
  if (shift < 0) return "too_precise";
  if (significant.length + shift > amountMax.toString().length) return "too_large"; // before a huge exponent is written out
  const amount = BigInt(significant + "0".repeat(shift));
  if (amount <= amountBound) return "too_small";
  return amount <= amountMax ? Number(amount) : "too_large";
}

/** Tells whether an integer of scale 4 can be transferred. */
export function isTransferAmount(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount > Number(amountBound);
}

/** Tells whether a currency can carry an amount: a currency without minor units takes whole amounts only. */
export function fitsCurrency(amount: number, currency: string): boolean {
  return currencies.get(currency)?.decimals !== 0 || amount % 10 ** scale === 0;
}

/** Prints an integer of scale 4 as the shortest decimal text: "1500", "0.5", "-12.0301". */
export function formatTransferAmount(amount: number | bigint): string {
  return formatDecimal(amount, scale).replace(/\.?0+$/, "");
}
