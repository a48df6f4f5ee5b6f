import { write } from "../../db/database";
import { loadTestimony, type Refund, updateRefund } from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { done, type Result, refuse } from "../../domain/result";
import { type RefundFacts, retrieveRefund, takenMinor } from "../../stripe/refunds";
import { appendChange } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { nextPollMs, refundFound } from "./return-payment";

/** Asks Stripe for the state of a refund: pending ones end, and one that succeeded may fail days later. */
export async function checkRefund(deps: Deps, { testimonyId, refundId }: Input<"check-refund">): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const refund = aggregate?.refunds.find((one) => one.id === refundId);
  const checkout = aggregate?.checkouts.find((one) => one.id === refund?.checkoutId);
  if (!aggregate || !refund || !checkout) return refuse("testimony_unknown");
  if (refund.stripeId === null || refund.state === "failed") return done;
  const asked = await retrieveRefund(deps.stripe, refund.stripeId);
  if (!asked.ok || (asked.value.status === refund.state && (await isBooked(deps, refund, asked.value)))) {
    const dueAt = asked.ok && refund.state === "succeeded" ? null : deps.nowMs() + nextPollMs;
    await write(deps.db, [updateRefund(deps.db, refund, { dueAt })]);
    return asked.ok ? done : refuse("stripe_unavailable", asked.failure.message);
  }
  await appendChange(deps, aggregate, await refundFound(deps, aggregate, checkout, refund, asked.value));
  return done;
}

/**
 * Tells whether the ledger has what a refund has taken: a refund that waited for funds moves them without a change of
 * its state.
 */
async function isBooked(deps: Deps, { testimonyId, state }: Refund, facts: RefundFacts): Promise<boolean> {
  if (state !== "pending") return true;
  const posted = await postedFor(deps.db, testimonyId, facts.id);
  return (posted.get("stripe_balance") ?? 0) === -takenMinor(facts);
}
