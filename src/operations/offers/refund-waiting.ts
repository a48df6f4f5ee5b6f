import type { Statement } from "../../db/database";
import type { Refund, TestimonyAggregate } from "../../db/offers/testimonies";
import type { RefundFacts } from "../../stripe/refunds";
import { clear, raise } from "../attention";
import type { Deps } from "../deps";

/**
 * Shows the operator that a client waits because our balance at Stripe is too small, with Stripe's reason: a top-up, or
 * the next charge, mends it. https://docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason
 */
export function waitsForFunds(
  deps: Deps,
  { testimonyId, id, amountMinor, currency }: Refund,
  { pendingReason }: RefundFacts,
): Statement {
  const about = { aboutKind: "refund", aboutId: id, amountMinor, currency } as const;
  return raise(deps, testimonyId, { kind: "refund_pending", ...about, note: pendingReason ?? "not moved yet" });
}

/** Closes the notice with the change that ends the waiting. */
export function endWaiting(deps: Deps, { attention }: TestimonyAggregate, { testimonyId, id }: Refund): Statement[] {
  const isStanding = attention.some((one) => one.kind === "refund_pending" && one.aboutId === id);
  return isStanding ? [clear(deps, testimonyId, "stripe", ["refund_pending"], { aboutId: id })] : [];
}
