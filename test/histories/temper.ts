import * as fc from "fast-check";
import type { Journey } from "../journey";

/** How hard Stripe is on us through a history: each is what the real one does to somebody. */
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

export const temper: fc.Arbitrary<Temper> = fc.record({
  conversion: fc.boolean(),
  strictReversals: fc.boolean(),
  dailyPayouts: fc.boolean(),
  lateFees: fc.boolean(),
});

/** A line that Stripe writes by itself, and a rate that moves where money is converted. */
export type TemperAction =
  | { do: "own-line"; type: string; amountMinor: number; ageHours: number }
  | { do: "rate"; eurosPerDollar: number };

const doing = <D extends TemperAction["do"]>(name: D) => fc.constant(name);

/** What Stripe takes, by type: bills come late, and are dated back. */
const taken = fc.constantFrom(
  "stripe_fee",
  "network_cost",
  "tax_fee",
  "stripe_fx_fee",
  "reserve_hold",
  "reserve_transaction",
  "payout_minimum_balance_hold",
  "adjustment",
);
const given = fc.constantFrom("topup", "fee_credit_funding", "reserve_release", "adjustment");

export const temperActions: fc.WeightedArbitrary<TemperAction>[] = [
  {
    weight: 2,
    arbitrary: fc.record({
      do: doing("own-line"),
      type: taken,
      amountMinor: fc.constantFrom(-1, -35, -4_999),
      ageHours: fc.constantFrom(0, 2, 47),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: doing("own-line"),
      type: given,
      amountMinor: fc.constantFrom(50, 20_000),
      ageHours: fc.constantFrom(0, 47),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: doing("rate"), eurosPerDollar: fc.constantFrom(0.8, 0.9, 1.1) }) },
];

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
