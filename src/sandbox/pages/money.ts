/** Decimals in Stripe's units, which for some currencies (ISK, UGX) differ from ISO 4217. */
const ZERO_DECIMAL = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
const THREE_DECIMAL = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

const SYMBOLS: Readonly<Record<string, string>> = { EUR: "€", GBP: "£", JPY: "¥", USD: "$" };

/**
 * Writes an amount for a reader of English: `€1,234.56`, `¥1,235`, `KWD 1.235`.
 * Takes an integer in the currency's minor unit and a currency code in either case; throws a RangeError for anything
 * that is not a safe integer, because such an amount is a mistake of the caller.
 */
export function formatMoney(amountMinor: number, currency: string): string {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`not an amount in minor units: ${amountMinor}`);
  const code = currency.toUpperCase();
  const sign = amountMinor < 0 ? "-" : "";
  return `${sign}${SYMBOLS[code] ?? `${code}\u00a0`}${decimal(Math.abs(amountMinor), exponentOf(code))}`;
}

function exponentOf(code: string): number {
  if (ZERO_DECIMAL.has(code)) return 0;
  return THREE_DECIMAL.has(code) ? 3 : 2;
}

/** Splits the digits as text, so that no division can round them. */
function decimal(amountMinor: number, exponent: number): string {
  const digits = String(amountMinor).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ",");
  return exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
}
