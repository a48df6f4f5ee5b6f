import type { Chance } from "./chance.ts";

/** Returns the amount of a transfer: more than one, up to 1,001, in units of the fourth decimal. */
export function transferUnits(decide: Chance): number {
  return Math.floor(decide.between(10_001, 10_010_001));
}

/** Returns an expert's price: 10 to 900 euros, in cents. */
export function priceCents(decide: Chance): number {
  return Math.floor(decide.between(1_000, 90_001));
}
