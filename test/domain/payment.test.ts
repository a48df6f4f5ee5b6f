import { describe, expect, it } from "vitest";
import {
  isLive,
  mayAsk,
  type PaymentState,
  paymentRequests,
  paymentStates,
  proportionalFee,
  transitionTo,
} from "../../src/domain/payment";

/** For each state what people may ask for, and whether a payment in it stands for its order. A new state must be decided on. */
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
    expect(isLive({ state, capturedMinor: 1000, refundedMinor: 0 })).toBe(decided[state].live);
  });
});

it.each([
  [1000, 0, true],
  [1000, 999, true],
  [1000, 1000, false],
])("of %i taken with %i back, it stands: %s", (capturedMinor, refundedMinor, live) => {
  expect(isLive({ state: "succeeded", capturedMinor, refundedMinor })).toBe(live);
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

it.each([
  [50, 1000, 1000, 50],
  [50, 600, 1000, 30],
  [5, 100, 1000, 1], // half a cent goes up
  [5, 99, 1000, 0],
  [1, 999, 1000, 1],
  [1000, 1, 1000, 1],
  [0, 600, 1000, 0],
  [90_071_992_547, 99_999_999, 99_999_999, 90_071_992_547], // beyond what a double could multiply
])("of a fee of %i, %i of %i bear %i", (fee, part, whole, due) => {
  expect(proportionalFee(fee, part, whole)).toBe(due);
});
