import type Stripe from "stripe";
import { expect, it } from "vitest";
import { moneyOf } from "../../src/stripe/charge-facts";
import type { RefundFacts } from "../../src/stripe/refunds";

const ours = "our-refund";

/** Returns the facts about a charge of 121.00 after this refund, if the charge itself counts so much as refunded. */
function after(refund: Partial<RefundFacts> | undefined, countedMinor: number) {
  const charge = { id: "ch_1", amount_captured: 12_100, amount_refunded: countedMinor } as Stripe.Charge;
  const facts = { id: "re_1", amountMinor: 500, status: "succeeded", refundId: undefined, ...refund } as RefundFacts;
  const refunds = refund ? [facts] : [];
  return moneyOf(charge, { refunds, disputes: [], transfers: [], refundIds: new Set([ours]), payoutId: undefined });
}

it.each([
  ["has succeeded", { status: "succeeded" }, 500, 0, 500],
  ["is under way, and which the charge counts already", { status: "pending" }, 500, 0, 500],
  ["is under way, and which the charge does not count yet", { status: "pending" }, 0, 0, 500],
  ["the charge counts before the list names it", undefined, 500, 0, 500],
  ["has failed", { status: "failed" }, 0, 0, 0],
  ["is ours and under way", { status: "pending", refundId: ours }, 0, 500, 0],
  ["somebody else made with an id like ours", { refundId: "another" }, 500, 0, 500],
] as const)("a refund that %s is gone as far as it must be", (_, refund, counted, byUs, pastUs) => {
  expect(after(refund, counted)).toMatchObject({ refundedByUsMinor: byUs, refundedPastUsMinor: pastUs });
});
