import { cards } from "../journey";
import type { History } from "./step";

const day = 24 * 60 * 60;
const order = { amountMinor: 3000, feeMinor: 0, currency: "usd", account: 0 } as const;
const noOffers = { onboarded: [false, false] as [boolean, boolean], testimonies: [], transfers: [] };
const oneOffer: History["setting"] = {
  onboarded: [true, false],
  testimonies: [{ client: 0, prices: [80] }],
  orders: [],
  transfers: [],
};

/** Histories that once broke an invariant, shortened by hand. They run first, every time. */
export const found: readonly History[] = [
  // The event of a dispute overtook the payment's own event, belonged to no row, and was dropped.
  {
    setting: { onboarded: [true, false], testimonies: [{ client: 0, prices: [33.33] }], orders: [], transfers: [] },
    steps: [
      { do: "events", mode: "drop" },
      { do: "buy", offer: 0, card: cards.good, confirm: false },
      { do: "events", mode: "deliver" },
      { do: "dispute", session: 0, percent: null, inquiry: false },
    ],
  },
  // A part of a transfer was reversed out-of-band without an event; then an operator requested a full refund.
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
  // A transfer was reversed out-of-band before we had learned that it was made: the event belonged to no row, and was
  // dropped.
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
  // A refund failed a day after it had succeeded, and the order was paid a second time.
  {
    setting: { ...noOffers, orders: [{ terms: order, manual: false, method: "pm_card_refundFail" }] },
    steps: [
      { do: "refund-payment", payment: 0, percent: null, by: "owner", key: null },
      { do: "clock", seconds: day },
      { do: "charge", order: 0, shopper: 0, manual: false, method: "pm_card_visa" },
      { do: "clock", seconds: 10 },
    ],
  },
  // A refund was still pending when the order was paid a second time.
  {
    setting: { ...noOffers, orders: [{ terms: order, manual: false, method: "pm_card_visa" }] },
    steps: [
      { do: "plan-refund", next: "pending_then_fail" },
      { do: "refund-payment", payment: 0, percent: null, by: "owner", key: null },
      { do: "charge", order: 0, shopper: 0, manual: false, method: "pm_card_visa" },
      { do: "clock", seconds: 70 },
    ],
  },
  // All of it was refunded out-of-band without an event, and then its client confirmed.
  {
    setting: oneOffer,
    steps: [
      { do: "events", mode: "drop" },
      { do: "buy", offer: 0, card: cards.good, confirm: false },
      { do: "refund-at-stripe", session: 0, percent: 100, plan: "succeed" },
      { do: "accept", session: 0, by: "owner", key: null },
    ],
  },
  // A part was refunded out-of-band while the payout was held; then its expert could be paid.
  {
    setting: oneOffer,
    steps: [
      { do: "set-capability", expert: 0, active: false },
      { do: "clock", seconds: 10 },
      { do: "buy", offer: 0, card: cards.good, confirm: true },
      { do: "clock", seconds: 10 },
      { do: "refund-at-stripe", session: 0, percent: 10, plan: "succeed" },
      { do: "clock", seconds: 10 },
      { do: "set-capability", expert: 0, active: true },
      { do: "clock", seconds: 7 * 60 * 60 },
    ],
  },
  // The expert's account was gone at Stripe, and no other could be opened.
  {
    setting: oneOffer,
    steps: [
      { do: "deauthorize", expert: 0 },
      { do: "clock", seconds: 10 },
      { do: "buy", offer: 0, card: cards.good, confirm: true },
      { do: "onboard", expert: 0, finish: true },
      { do: "clock", seconds: 7 * 60 * 60 },
    ],
  },
  // Stripe could not make a payment of an order that was cancelled meanwhile: its row was the first of every sweep.
  {
    setting: { ...noOffers, orders: [{ terms: order, manual: false, method: null }] },
    steps: [
      { do: "put-order", order: 1, terms: order },
      { do: "outage", hours: 3, kind: "500" },
      { do: "create-payment", order: 1, shopper: 0, manual: false, terms: null, key: null },
      { do: "cancel-order", order: 1 },
      { do: "clock", seconds: 11 * 60 },
      { do: "clock", seconds: 70 },
      { do: "clock", seconds: 3 * 60 * 60 },
    ],
  },
  // A refund failed a day after it had succeeded, without an event, and nothing else happened for two months.
  {
    setting: oneOffer,
    steps: [
      { do: "buy", offer: 0, card: cards.good, confirm: true },
      { do: "refund-part", testimony: 0, percent: 10 },
      { do: "clock", seconds: 10 },
      { do: "clock", seconds: day },
      { do: "events", mode: "drop" },
      { do: "end-refund", refund: 0, status: "failed" },
      { do: "clock", seconds: 61 * day },
    ],
  },
  // An order was cancelled, and its payment requested once more under its key: its secret was of no use any more.
  {
    setting: { ...noOffers, orders: [{ terms: order, manual: false, method: null }] },
    steps: [
      { do: "create-payment", order: 0, shopper: 0, manual: false, terms: null, key: 0 },
      { do: "cancel-order", order: 0 },
      { do: "repeat", request: 0, body: "same" },
    ],
  },
];
