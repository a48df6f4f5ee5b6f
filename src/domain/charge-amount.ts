import { type ChargeRange, chargeRange } from "./currency";

/** Why an amount cannot be charged in a currency, after the amount's name; undefined where it can. Minor units. */
export function chargeProblem(amountMinor: number, currency: string): string | undefined {
  const range = chargeRange(currency);
  if (!range) return `cannot be charged in ${currency}`;
  const { minMinor, maxMinor } = range;
  const isInside = amountMinor >= minMinor && amountMinor <= maxMinor && carries(range, amountMinor);
  return isInside ? undefined : `must be from ${minMinor} to ${maxMinor}${stepWords(range)} in ${currency}`;
}

/** The same of a part of what was charged, or of our fee: Stripe names no minimum for those. */
export function partProblem(amountMinor: number, currency: string): string | undefined {
  const range = chargeRange(currency);
  return !range || carries(range, amountMinor) ? undefined : `must be a multiple of ${range.stepMinor} in ${currency}`;
}

/** Our fee of a part of a payment: in proportion, half up to what the currency can carry, never more than the part. */
export function proportionalFee(feeMinor: number, partMinor: number, wholeMinor: number, currency: string): number {
  const step = BigInt(chargeRange(currency)?.stepMinor ?? 1);
  const whole = BigInt(wholeMinor) * step;
  const steps = (BigInt(feeMinor) * BigInt(partMinor) + whole / 2n) / whole;
  return Math.min(Number(steps * step), partMinor);
}

/**
 * Our fee of a capture: in proportion, and at least what the currency can carry. Stripe takes no fee of zero; where none
 * is named it takes the whole agreed fee, up to all that is captured.
 */
export function feeOfCapture(feeMinor: number, partMinor: number, wholeMinor: number, currency: string): number {
  const least = Math.min(chargeRange(currency)?.stepMinor ?? 1, partMinor);
  return Math.max(least, proportionalFee(feeMinor, partMinor, wholeMinor, currency));
}

function carries({ stepMinor }: ChargeRange, amountMinor: number): boolean {
  return amountMinor % stepMinor === 0;
}

function stepWords({ stepMinor }: ChargeRange): string {
  return stepMinor === 1 ? "" : `, and a multiple of ${stepMinor},`;
}
