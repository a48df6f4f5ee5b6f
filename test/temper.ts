import type { Journey } from "./journey.ts";

/** The ways in which Stripe makes things hard; the real one does each of them to somebody. */
export interface Temper {
  /** Direct charges and our fees settle in the account's own currency. */
  conversion: boolean;
  /** A reversal takes only the expert's available money. */
  strictReversals: boolean;
  /** The platform's balance is paid out to its bank every day. */
  dailyPayouts: boolean;
  /** A charge's balance transaction comes after its success. */
  lateFees: boolean;
}

export const hardest: Temper = { conversion: true, strictReversals: true, dailyPayouts: true, lateFees: true };

/** Makes the emulator as hard as this. */
export async function impose(journey: Journey, temper: Temper): Promise<void> {
  if (temper.conversion) await journey.control("POST", "conversion", { mode: "on" });
  if (temper.strictReversals) await journey.control("POST", "reversals", { mode: "available_only" });
  if (temper.dailyPayouts) await journey.control("POST", "payouts", { schedule: "daily" });
  if (temper.lateFees) await journey.control("POST", "fees", { mode: "always_late" });
}

/** Tops the platform's balance up and stops its payouts, so that what waits for money can go on. */
export async function appease(journey: Journey): Promise<void> {
  await journey.control("POST", "payouts", { schedule: "manual" });
  await journey.control("POST", "balance", { type: "topup", amount: 50_000_000 });
}
