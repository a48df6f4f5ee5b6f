import { type ChargeRange, chargeRange } from "../currency";

/**
 * Says why an amount in minor units cannot be charged in a currency, in words that follow the amount's name. Returns
 * undefined if it can be charged.
 */
export function chargeProblem(amountMinor: number, currency: string): string | undefined {
  const range = chargeRange(currency);
  if (!range) return `cannot be charged in ${currency}`;
  const { minMinor, maxMinor } = range;
  const isInside = amountMinor >= minMinor && amountMinor <= maxMinor && carries(range, amountMinor);
  return isInside ? undefined : `must be from ${minMinor} to ${maxMinor}${stepWords(range)} in ${currency}`;
}

/** Says why a part of a charge, or our fee, cannot have an amount. Stripe names no minimum for either, only a step. */
export function partProblem(amountMinor: number, currency: string): string | undefined {
  const range = chargeRange(currency);
  return !range || carries(range, amountMinor) ? undefined : `must be a multiple of ${range.stepMinor} in ${currency}`;
}

/**
 * Computes our fee of a part of a payment: in proportion, rounded half up to the currency's step, never more than the
 * part.
 */
export function proportionalFee(feeMinor: number, partMinor: number, wholeMinor: number, currency: string): number {
  const step = BigInt(chargeRange(currency)?.stepMinor ?? 1);
  const whole = BigInt(wholeMinor) * step;
  const steps = (BigInt(feeMinor) * BigInt(partMinor) + whole / 2n) / whole;
  return Math.min(Number(steps * step), partMinor);
}

/**
 * Computes our fee of a capture: in proportion, and at least one step of the currency. Stripe takes no fee of zero:
 * when the fee is left out, Stripe takes the whole agreed fee, up to all that is captured.
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
