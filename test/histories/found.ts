import { cards } from "../journey";
import type { History } from "./step";

/** Histories that once broke a promise, shortened by hand: they are lived through first, every time. */
export const found: readonly History[] = [
  // News of a dispute overtook the payment's own event, was nobody's, and was forgotten.
  {
    setting: { onboarded: [true, false], testimonies: [{ client: 0, prices: [33.33] }], orders: [], transfers: [] },
    steps: [
      { do: "events", mode: "drop" },
      { do: "buy", offer: 0, card: cards.good, confirm: false },
      { do: "events", mode: "deliver" },
      { do: "dispute", session: 0, percent: null, inquiry: false },
    ],
  },
  // Part of a transfer was taken back at Stripe, unheard; then an operator asked for all of it.
  {
    setting: { onboarded: [true, false], testimonies: [{ client: 0, prices: [80] }], orders: [], transfers: [] },
    steps: [
      { do: "buy", offer: 0, card: cards.good, confirm: true },
      { do: "clock", seconds: 10 },
      { do: "events", mode: "drop" },
      { do: "reverse-at-stripe", transfer: 0, percent: 50 },
      { do: "refund", testimony: 0 },
    ],
  },
  // A transfer was taken back at Stripe before we had heard that it was made: the news was nobody's, and was forgotten.
  {
    setting: { onboarded: [true, false], testimonies: [{ client: 0, prices: [80] }], orders: [], transfers: [] },
    steps: [
      { do: "fault", match: "POST /v1/transfers", kind: "truncated", times: 6 },
      { do: "buy", offer: 0, card: cards.good, confirm: true },
      { do: "clock", seconds: 0 },
      { do: "reverse-at-stripe", transfer: 0, percent: 50 },
      { do: "clock", seconds: 0 },
    ],
  },
];
