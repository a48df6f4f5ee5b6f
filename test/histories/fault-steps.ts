import * as fc from "fast-check";

/** Steps that affect everybody: repeated requests, faults, events, time, crashes. */
export type FaultAction =
  | { do: "repeat"; request: number; body: "same" | "other" }
  | { do: "plan-refund"; next: string }
  | { do: "fault"; match: string; kind: string; times: number }
  /** Stripe is down for so many hours of the clock. */
  | { do: "outage"; hours: number; kind: string }
  | { do: "clear-faults" }
  /** An operator says that a call with an unknown outcome has made nothing, and may be wrong. */
  | { do: "settle-call"; call: number }
  | { do: "events"; mode: "deliver" | "hold" | "duplicate" | "shuffle" | "drop" }
  | { do: "flush-events"; copies: number }
  | { do: "clock"; seconds: number }
  | { do: "evict" }
  | { do: "abort"; afterMs: number };

/** Faults that wait for the timeout are rarer, because they take the test most time. */
const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("500", "500_stored", "500_after", "429", "reset", "truncated") },
  { weight: 1, arbitrary: fc.constantFrom("timeout_before", "timeout_after", "slow") },
);

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const doing = <D extends FaultAction["do"]>(name: D) => fc.constant(name);

export const outage = fc.record({
  do: doing("outage"),
  hours: fc.constantFrom(1, 3, 26),
  kind: fc.constantFrom("500", "500", "reset", "429"),
});

/** Generates these steps for a history with these Stripe calls; without calls, Stripe's faults are left out. */
export function faultActions(calls: readonly string[]): fc.WeightedArbitrary<FaultAction>[] {
  return [...everywhere, ...(calls.length > 0 ? atStripe(calls) : [])];
}

const everywhere: fc.WeightedArbitrary<FaultAction>[] = [
  {
    weight: 4,
    arbitrary: fc.record({
      do: doing("repeat"),
      request: fc.nat({ max: 5 }),
      body: fc.constantFrom("same", "same", "other"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: doing("clock"),
      seconds: fc.constantFrom(
        -2,
        2,
        10,
        70,
        11 * minute,
        31 * minute,
        hour + 2 * minute,
        7 * hour,
        day + hour,
        3 * day,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: doing("evict") }) },
  { weight: 2, arbitrary: fc.record({ do: doing("abort"), afterMs: fc.constantFrom(0, 1, 3, 8, 20) }) },
];

function atStripe(calls: readonly string[]): fc.WeightedArbitrary<FaultAction>[] {
  return [
    {
      weight: 1,
      arbitrary: fc.record({
        do: doing("plan-refund"),
        next: fc.constantFrom("succeed_then_fail", "pending_then_fail", "pending_then_succeed", "fail"),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: doing("fault"),
        match: fc.constantFrom(...calls),
        kind,
        times: fc.constantFrom(1, 1, 2, 3),
      }),
    },
    { weight: 1, arbitrary: outage },
    { weight: 1, arbitrary: fc.record({ do: doing("settle-call"), call: fc.nat({ max: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ do: doing("clear-faults") }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: doing("events"),
        mode: fc.constantFrom("deliver", "hold", "duplicate", "shuffle", "drop"),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: doing("flush-events"), copies: fc.integer({ min: 1, max: 3 }) }) },
  ];
}
