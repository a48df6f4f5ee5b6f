/** The largest amount of minor units that a JSON number, a D1 column and JavaScript all hold exactly. */
const amountMinorMax = Number.MAX_SAFE_INTEGER;

/** The only currency of the offers contract. */
export const offersCurrency = "eur";

/**
 * Parses a plain decimal text ("149.5") into minor units at the given exponent, digit by digit: no float touches it.
 * Returns undefined for anything else: signs, exponents, too many decimals, or more than 2^53 − 1 minor units.
 */
export function parseDecimal(text: string, exponent: number): number | undefined {
  const match = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = "", fraction = ""] = match;
  if (fraction.length > exponent) return undefined;
  const minor = BigInt(whole + fraction.padEnd(exponent, "0"));
  return minor <= BigInt(amountMinorMax) ? Number(minor) : undefined;
}

/** Prints minor units as a plain decimal text ("149.50"). */
export function formatDecimal(minor: number | bigint, exponent: number): string {
  const digits = minor
    .toString()
    .replace("-", "")
    .padStart(exponent + 1, "0");
  const sign = minor < 0 ? "-" : "";
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
