import { write } from "../../db/database";
import {
  addRefunded,
  type Checkout,
  loadTestimony,
  type Refund,
  type TestimonyAggregate,
  updateRefund,
} from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import type { StripeEffect } from "../../db/stripe-effects";
import { done, type Result, refuse } from "../../domain/result";
import { createRefund, listRefunds, type RefundFacts, retrieveRefund, takenMinor } from "../../stripe/refunds";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt, type EffectOutcome } from "../effects";
import type { FollowUps } from "../follow-ups";
import { readCharge } from "./read-charge";
import { recordRefundAtStripe } from "./record-refund-at-stripe";
import { nextReturn, restReturned, returnPart, waitForDispute } from "./return-rest";
import { refundFailed, refundFound, refundPollMs } from "./settle-refund";

const createRefundEffect: EffectKind<RefundFacts> = {
  call: (deps, effect, key) => createRefund(deps.stripe, orderOf(effect), key),
  async find(deps, effect) {
    const listed = await listRefunds(deps.stripe, orderOf(effect).paymentIntentId);
    if (!listed.ok) return listed;
    return { ok: true, value: listed.value.find((one) => one.refundId === orderOf(effect).refundId) };
  },
};

function orderOf(effect: StripeEffect) {
  return paramsOf(effect, "create-refund");
}

/**
 * Executes a pending refund. If Stripe refuses it for good, the amount stays owed to the client, and an operator must
 * look.
 */
export async function returnPayment(
  deps: Deps,
  aggregate: TestimonyAggregate,
  refund: Refund,
  effect: StripeEffect,
): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === refund.checkoutId);
  if (!checkout) return refuse("testimony_unknown");
  const outcome = await attempt(deps, effect, createRefundEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") return refusedByStripe(deps, checkout, refund, outcome);
  const decision = await refundFound(deps, aggregate, checkout, refund, outcome.value);
  await appendChange(deps, aggregate, { ...decision, rows: [...outcome.settle, ...decision.rows] });
  return done;
}

/**
 * Handles Stripe's refusal. Somebody may have refunded money out-of-band, or a bank may have taken it: that is booked
 * first, and only the rest is requested, once no dispute is open. If it cannot be returned, it stays owed, and an
 * operator must look.
 */
async function refusedByStripe(
  deps: Deps,
  { testimonyId, id: checkoutId }: Checkout,
  refund: Refund,
  { failure, settle }: Extract<EffectOutcome<RefundFacts>, { end: "refused" }>,
): Promise<Result<null>> {
  const booked = await recordRefundAtStripe(deps, { testimonyId, checkoutId });
  if (!booked.ok) return booked;
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const checkout = aggregate?.checkouts.find((one) => one.id === checkoutId);
  if (!aggregate || !checkout) return refuse("testimony_unknown");
  const asked = await readCharge(deps, aggregate, checkout);
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);

  const others = { ...checkout, refundedMinor: checkout.refundedMinor - refund.amountMinor };
  const next = nextReturn(others, asked.value.money);
  const ended = [
    ...settle,
    updateRefund(deps.db, refund, { state: "failed", failure: failure.kind, dueAt: null }),
    addRefunded(deps.db, checkout, -refund.amountMinor),
  ];
  // A valid acceptance keeps its state: the amount is still owed to the client, and an operator must look.
  const isWhole = checkout.state !== "accepted";
  if (isWhole && next.end === "wait") return waitForDispute(deps, aggregate, checkout, ended);
  if (isWhole && next.end === "returned") {
    const returned = restReturned(deps, others, refund.reason, next.byBankMinor, refund.id);
    await appendChange(deps, aggregate, { ...returned, rows: [...ended, ...returned.rows] });
    return done;
  }
  if (isWhole && next.end === "return" && next.amountMinor < refund.amountMinor) {
    return returnPart(deps, aggregate, others, refund.reason, next.amountMinor, ended);
  }
  const failed = refundFailed(deps, checkout, refund, failure.kind);
  await appendChange(deps, aggregate, { ...failed, rows: [...settle, ...failed.rows] });
  return done;
}

/** Asks Stripe for the state of a refund: pending ones end, and one that succeeded may fail days later. */
export async function checkRefund(
  deps: Deps,
  { testimonyId, refundId }: FollowUps["check-refund"],
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const refund = aggregate?.refunds.find((one) => one.id === refundId);
  const checkout = aggregate?.checkouts.find((one) => one.id === refund?.checkoutId);
  if (!aggregate || !refund || !checkout) return refuse("testimony_unknown");
  if (refund.stripeId === null || refund.state === "failed") return done;
  const asked = await retrieveRefund(deps.stripe, refund.stripeId);
  if (!asked.ok || (asked.value.status === refund.state && (await isBooked(deps, refund, asked.value)))) {
    const dueAt = asked.ok && refund.state === "succeeded" ? null : deps.nowMs() + refundPollMs;
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
