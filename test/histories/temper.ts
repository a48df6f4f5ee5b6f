import * as fc from "fast-check";
import type { Temper } from "../temper";

export const temper: fc.Arbitrary<Temper> = fc.record({
  conversion: fc.boolean(),
  strictReversals: fc.boolean(),
  dailyPayouts: fc.boolean(),
  lateFees: fc.boolean(),
});

/** A line that Stripe books by itself, or a changed exchange rate. */
export type TemperAction =
  | { do: "own-line"; type: string; amountMinor: number; ageHours: number }
  | { do: "rate"; eurosPerDollar: number };

const doing = <D extends TemperAction["do"]>(name: D) => fc.constant(name);

/** The types of Stripe's own lines: bills come late, and are dated back. */
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
