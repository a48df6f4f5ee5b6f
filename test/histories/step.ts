import * as fc from "fast-check";
import { cards } from "../journey";

/**
 * One step of a history, as data: it prints, shrinks and repeats. Numbers choose among what exists when the step is
 * taken (the third of two is the first); where nothing exists yet, nothing happens.
 */
export type Action =
  // People.
  | { do: "create-testimony"; client: number }
  | { do: "create-offer"; expert: number; testimony: number; price: number }
  | { do: "withdraw-offer"; offer: number }
  | { do: "start-checkout"; offer: number; input: number; key: number | null }
  | { do: "pay"; session: number; card: string }
  /** Opens the page, pays, and confirms or never comes back: the way in which most histories go. */
  | { do: "buy"; offer: number; card: string; confirm: boolean }
  | { do: "accept"; session: number; by: "owner" | "foreigner"; key: number | null }
  | { do: "cancel"; testimony: number; key: number | null }
  | { do: "complete"; testimony: number }
  | { do: "onboard"; expert: number; finish: boolean }
  | { do: "refund"; testimony: number }
  | { do: "repeat"; request: number; body: "same" | "other" }
  // Somebody at Stripe, past us.
  | { do: "refund-at-stripe"; session: number; percent: number }
  | { do: "reverse-at-stripe"; transfer: number; percent: number }
  | { do: "pay-out-account"; expert: number }
  | { do: "set-capability"; expert: number; active: boolean }
  | { do: "dispute"; session: number }
  | { do: "close-dispute"; dispute: number; status: "won" | "lost" }
  | { do: "plan-refund"; next: string }
  // The weather.
  | { do: "fault"; match: string; kind: string; times: number }
  | { do: "clear-faults" }
  | { do: "events"; mode: "deliver" | "hold" | "duplicate" | "shuffle" | "drop" }
  | { do: "flush-events"; copies: number }
  | { do: "clock"; seconds: number }
  | { do: "evict" }
  | { do: "abort"; afterMs: number };

export type Step = Action | { do: "together"; actions: Action[] };

/** Who and what a history starts with, so that few steps are wasted on getting there. */
export interface Setting {
  /** Whether each expert can be paid from the start. */
  onboarded: [boolean, boolean];
  /** For each testimony the prices that the experts ask. */
  testimonies: { client: number; prices: number[] }[];
}

export interface History {
  setting: Setting;
  steps: Step[];
}

const any = fc.nat({ max: 5 });
const key = fc.option(fc.nat({ max: 2 }), { freq: 2 });
/** Prices in euros: ordinary ones, the smallest, and those whose commission ends in half a cent. */
const price = fc.constantFrom(149.5, 80, 0.5, 1.5, 999.99, 33.33, 2500);
const percent = fc.constantFrom(10, 50, 100);

const card = fc.oneof(
  { weight: 10, arbitrary: fc.constant(cards.good) },
  { weight: 2, arbitrary: fc.constantFrom(cards.delayedSucceeds, cards.delayedFails) },
  { weight: 2, arbitrary: fc.constantFrom(cards.refundFails, cards.refundPending) },
  { weight: 1, arbitrary: fc.constantFrom(cards.disputed, cards.declined) },
);

/** Every call at Stripe that changes or decides something. */
const calls = [
  "POST /v1/checkout/sessions",
  "GET /v1/checkout/sessions",
  "GET /v1/checkout/sessions/*",
  "POST /v1/checkout/sessions/*/expire",
  "POST /v1/refunds",
  "GET /v1/refunds",
  "GET /v1/refunds/*",
  "POST /v1/transfers",
  "GET /v1/transfers",
  "GET /v1/transfers/*",
  "POST /v1/transfers/*/reversals",
  "POST /v1/accounts",
  "GET /v1/accounts",
  "GET /v1/accounts/*",
  "POST /v1/account_links",
  "GET /v1/disputes/*",
  "GET /v1/events",
] as const;

/** Those that wait out the timeout are rarer: they cost the test the most time. */
const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("500", "500_stored", "500_after", "429", "reset", "truncated") },
  { weight: 1, arbitrary: fc.constantFrom("timeout_before", "timeout_after", "slow") },
);

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("create-testimony" as const), client: any }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("create-offer" as const), expert: any, testimony: any, price }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw-offer" as const), offer: any }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("start-checkout" as const), offer: any, input: fc.nat({ max: 1 }), key }),
  },
  {
    weight: 20,
    arbitrary: fc.record({ do: fc.constant("buy" as const), offer: any, card, confirm: fc.boolean() }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("pay" as const), session: any, card }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("accept" as const),
      session: any,
      by: fc.constantFrom("owner" as const, "owner" as const, "owner" as const, "foreigner" as const),
      key,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), testimony: any, key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("complete" as const), testimony: any }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("onboard" as const), expert: any, finish: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("refund" as const), testimony: any }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("repeat" as const),
      request: any,
      body: fc.constantFrom("same" as const, "same" as const, "other" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refund-at-stripe" as const), session: any, percent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reverse-at-stripe" as const), transfer: any, percent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pay-out-account" as const), expert: any }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("set-capability" as const), expert: any, active: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("dispute" as const), session: any }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("close-dispute" as const),
      dispute: any,
      status: fc.constantFrom("won" as const, "lost" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("plan-refund" as const),
      next: fc.constantFrom("succeed_then_fail", "pending_then_fail", "pending_then_succeed", "fail"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      match: fc.constantFrom(...calls),
      kind,
      times: fc.constantFrom(1, 1, 2, 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("clear-faults" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("events" as const),
      mode: fc.constantFrom(
        "deliver" as const,
        "hold" as const,
        "duplicate" as const,
        "shuffle" as const,
        "drop" as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("flush-events" as const), copies: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("clock" as const),
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant("evict" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abort" as const), afterMs: fc.constantFrom(0, 1, 3, 8, 20) }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: action },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("together" as const),
      actions: fc.array(action, { minLength: 2, maxLength: 4 }),
    }),
  },
);

const mostly = fc.constantFrom(true, true, false);

const setting: fc.Arbitrary<Setting> = fc.record({
  onboarded: fc.tuple(mostly, mostly),
  testimonies: fc.array(fc.record({ client: any, prices: fc.array(price, { minLength: 1, maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
});

/** Histories of up to `stepsMax` steps. */
export function histories(stepsMax: number): fc.Arbitrary<History> {
  return fc.record({
    setting,
    steps: fc.array(step, { minLength: Math.ceil(stepsMax / 2), maxLength: stepsMax, size: "max" }),
  });
}

/** One line a step. */
export function printed({ setting: start, steps }: History): string {
  return [JSON.stringify(start), ...steps.map((one, at) => `${at + 1}. ${JSON.stringify(one)}`)].join("\n");
}
