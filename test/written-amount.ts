import { type ExactNumber, exactNumber } from "../src/domain/exact-number.ts";

/** Decimals of the amounts of transfers, and of euros. */
export const [transferDecimals, euroDecimals] = [4, 2] as const;

/** Makes the JSON number of an integer amount with so many decimals, without a float. */
export function written(units: number, decimals: number): ExactNumber {
  const digits = String(units).padStart(decimals + 1, "0");
  return exactNumber(`${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}
