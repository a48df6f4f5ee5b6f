import { describe, expect, it } from "vitest";
import {
  isLive,
  mayAsk,
  type PaymentState,
  paymentRequests,
  paymentStates,
  type TakenBack,
  transitionTo,
} from "../../../src/domain/payments/payment";

/**
 * For each state the allowed requests, and whether a payment in it counts for its order. A new state must be decided
 * on.
 */
const decided: Record<PaymentState, { asks: string; live: boolean }> = {
  creating: { asks: "", live: true },
  requires_payment_method: { asks: "confirm cancel", live: true },
  requires_confirmation: { asks: "confirm cancel", live: true },
  requires_action: { asks: "confirm cancel", live: true },
  processing: { asks: "", live: true },
  requires_capture: { asks: "capture cancel release", live: true },
  succeeded: { asks: "refund", live: true },
  canceled: { asks: "", live: false },
  expired: { asks: "", live: false },
  failed: { asks: "", live: false },
};
const requests = Object.keys(paymentRequests) as (keyof typeof paymentRequests)[];

describe.each(paymentStates)("a payment that is %s", (state) => {
  it("may be asked for what is decided, and for nothing else", () => {
    expect(requests.filter((request) => mayAsk(request, state)).join(" ")).toBe(decided[state].asks);
  });

  it("stands for its order, or does not", () => {
    expect(isLive({ state, capturedMinor: 1000 }, { refunds: [], disputes: [] })).toBe(decided[state].live);
  });
});

const refunded = (state: string, amountMinor = 1000, kind = "refund") => ({ kind, state, amountMinor });

it.each<[what: string, taken: Partial<TakenBack>, live: boolean]>([
  ["nothing", {}, true],
  ["a part that is back", { refunds: [refunded("succeeded", 999)] }, true],
  ["two parts that are back", { refunds: [refunded("succeeded", 999), refunded("succeeded", 1)] }, false],
  ["a refund that is asked for", { refunds: [refunded("claimed")] }, true],
  ["a refund that is pending", { refunds: [refunded("pending")] }, true],
  ["a refund that failed", { refunds: [refunded("failed")] }, true],
  ["a refund that is back", { refunds: [refunded("succeeded")] }, false],
  ["an out-of-band refund", { refunds: [refunded("succeeded", 1000, "at_stripe")] }, false],
  ["an out-of-band refund that is pending", { refunds: [refunded("pending", 1000, "at_stripe")] }, true],
  ["a release, which moves nothing", { refunds: [refunded("succeeded", 1000, "release")] }, true],
  ["an open dispute", { disputes: [refunded("open")] }, true],
  ["a dispute that was won", { disputes: [refunded("won")] }, true],
  ["a dispute that was lost", { disputes: [refunded("lost")] }, false],
  [
    "a lost dispute of what a refund left",
    { refunds: [refunded("succeeded", 300)], disputes: [refunded("lost", 700)] },
    false,
  ],
  ["a lost dispute of a part", { disputes: [refunded("lost", 700)] }, true],
])("taken, with %s: it stands or not", (_, taken, live) => {
  expect(isLive({ state: "succeeded", capturedMinor: 1000 }, { refunds: [], disputes: [], ...taken })).toBe(live);
});

it.each<[status: string, reason: string | null, from: PaymentState, transition: string | undefined]>([
  ["canceled", "expired", "requires_capture", "expire"],
  ["canceled", "expired", "requires_action", "cancel"],
  ["canceled", "automatic", "requires_capture", "expire"],
  ["canceled", "automatic", "requires_action", "cancel"],
  ["canceled", "requested_by_customer", "requires_capture", "cancel"],
  ["canceled", null, "requires_capture", "cancel"],
  ["a_status_of_tomorrow", null, "processing", undefined],
])("Stripe's %s (%s) of one that %s is read as %s", (status, reason, from, transition) => {
  expect(transitionTo(status, reason, from)).toBe(transition);
});
