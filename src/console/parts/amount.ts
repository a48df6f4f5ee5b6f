/** Decimals of the unit in which Stripe and the ledger count, where they are not two (docs.stripe.com/currencies). */
const decimals: Record<string, number> = {
  ...listed(0, "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UYI VND VUV XAF XOF XPF"),
  ...listed(3, "BHD IQD JOD KWD LYD OMR TND"),
  ...listed(4, "CLF UYW"),
};

function listed(digits: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(" ").map((code) => [code, digits]));
}

export function decimalsOf(currency: string): number {
  return decimals[currency.toUpperCase()] ?? 2;
}

/** Prints an integer of minor units, digit by digit, so that no float is between. A sign is a real minus. */
export function printMinor(minor: number | string, digits: number): string {
  const [, sign = "", text = ""] = /^(-?)(\d+)$/.exec(String(minor)) ?? [];
  if (text === "") return String(minor);
  const padded = text.padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign && "−"}${whole}${digits > 0 ? `.${padded.slice(-digits)}` : ""}`;
}

/** Turns typed digits into minor units; undefined if they are no amount of the currency. */
export function parseMinor(typed: string, digits: number): number | undefined {
  const [, whole, part = ""] = /^(\d{1,12})(?:[.,](\d*))?$/.exec(typed.trim()) ?? [];
  if (whole === undefined || part.length > digits) return undefined;
  const minor = Number(whole + part.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

const transferDigits = 4;

/** Turns an amount of a transfer, which has at most four decimals, into an integer of the fourth. */
export function scaled(amount: unknown): bigint {
  const [, sign = "", whole = "0", part = ""] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(String(amount)) ?? [];
  return BigInt(`${sign}${whole}${part.padEnd(transferDigits, "0")}`);
}

/** Adds integers that may be texts. */
export function sumMinor(all: readonly (number | string)[]): string {
  return String(all.reduce<bigint>((sum, one) => sum + BigInt(one), 0n));
}
