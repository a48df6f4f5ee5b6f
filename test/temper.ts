import type { Journey } from "./journey.ts";

/** How hard Stripe is on us: each is what the real one does to somebody. */
export interface Temper {
  /** Direct charges and our fees come in the account's own currency. */
  conversion: boolean;
  /** Only available money of an expert is given back. */
  strictReversals: boolean;
  /** The platform's money goes to its bank every day. */
  dailyPayouts: boolean;
  /** A charge's balance transaction comes after its success. */
  lateFees: boolean;
}

export const hardest: Temper = { conversion: true, strictReversals: true, dailyPayouts: true, lateFees: true };

/** Makes Stripe so. */
export async function impose(journey: Journey, temper: Temper): Promise<void> {
  if (temper.conversion) await journey.control("POST", "conversion", { mode: "on" });
  if (temper.strictReversals) await journey.control("POST", "reversals", { mode: "available_only" });
  if (temper.dailyPayouts) await journey.control("POST", "payouts", { schedule: "daily" });
  if (temper.lateFees) await journey.control("POST", "fees", { mode: "always_late" });
}

/** The platform's owner fills the balance up, and leaves the money there: what waits for it can go on. */
export async function appease(journey: Journey): Promise<void> {
  await journey.control("POST", "payouts", { schedule: "manual" });
  await journey.control("POST", "balance", { type: "topup", amount: 50_000_000 });
}
