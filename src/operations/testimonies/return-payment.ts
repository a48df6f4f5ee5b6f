import { postedFor } from "../../db/postings";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import {
  type Checkout,
  loadTestimony,
  type Refund,
  type TestimonyAggregate,
  updateCheckout,
  updateRefund,
} from "../../db/testimonies";
import { checkoutMachine } from "../../domain/checkout";
import { adjust, move } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { done, type Result, refuse } from "../../domain/result";
import { createRefund, listRefunds, type RefundFacts, type RefundOrder } from "../../stripe/refunds";
import { clear, raise } from "../attention";
import { type Decision, record } from "../change";
import type { Deps } from "../deps";
import { attempt, type EffectKind, type EffectOutcome } from "../effects";
import { claimRefund } from "./claim-refund";
import { outsideRefunds, recordRefundAtStripe, sumOfRefunds } from "./record-refund-at-stripe";

const createRefundEffect: EffectKind<RefundFacts> = {
  call: (deps, effect, key) => createRefund(deps.stripe, orderOf(effect), key),
  async find(deps, effect) {
    const listed = await listRefunds(deps.stripe, orderOf(effect).paymentIntentId);
    if (!listed.ok) return listed;
    return { ok: true, value: listed.value.find((one) => one.refundId === orderOf(effect).refundId) };
  },
};

function orderOf(effect: StripeEffect): RefundOrder {
  return effect.params as unknown as RefundOrder; // as claimed by claimRefund
}

/** A pending refund is asked about until Stripe has decided, one that succeeded once more. */
export const nextLookMs = 60 * 60 * 1000;

/** Carries a claimed refund out. What Stripe refuses for good stays owed to the client, and an operator must look. */
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
  if (outcome.end === "refused") return returnRest(deps, checkout, refund, outcome);
  const decision = await refundFound(deps, checkout, refund, outcome.value);
  await record(deps, aggregate, { ...decision, rows: [outcome.settle, ...decision.rows] });
  return done;
}

/**
 * Stripe refused. Somebody may have given money back past us: that is booked first, and only the rest is asked for. What
 * cannot be given back stays owed to the client, and an operator must look.
 */
async function returnRest(
  deps: Deps,
  checkout: Checkout,
  refund: Refund,
  { failure, settle }: Extract<EffectOutcome<RefundFacts>, { end: "refused" }>,
): Promise<Result<null>> {
  const { testimonyId, paymentIntentId } = checkout;
  const booked = await recordRefundAtStripe(deps, { testimonyId, checkoutId: checkout.id });
  if (!booked.ok) return booked;
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate || paymentIntentId === null) return refuse("testimony_unknown");
  const outside = await outsideRefunds(deps, aggregate, checkout);
  if (!outside.ok) return refuse("stripe_unavailable", outside.failure.message);

  const owedMinor = checkout.totalMinor - sumOfRefunds(outside.value);
  const byBankMinor = lostMinor(aggregate, checkout);
  // A bank that took the client's side has given everything back already.
  const restMinor = byBankMinor >= owedMinor ? 0 : owedMinor;
  if (restMinor >= refund.amountMinor) {
    const failed = refundFailed(deps, checkout, refund, failure.kind);
    await record(deps, aggregate, { ...failed, rows: [settle, ...failed.rows] });
    return done;
  }
  const refused = updateRefund(deps.db, refund, { state: "failed", failure: failure.kind, dueAt: null });
  if (restMinor <= 0) {
    const returned = paymentReturned(deps, checkout, refund, checkout.totalMinor);
    const postings = move(Math.min(byBankMinor, Math.max(owedMinor, 0)), checkout.currency, {
      debit: "client_payable",
      credit: "dispute_losses",
    });
    await record(deps, aggregate, { ...returned, rows: [settle, refused, ...returned.rows], postings });
    return done;
  }
  const rest = claimRefund(deps, checkout, paymentIntentId, refund.reason, restMinor);
  await record(deps, aggregate, {
    name: "return-rest",
    actor: "stripe",
    data: { checkoutId: checkout.id, refundId: rest.refundId, amountMinor: restMinor },
    rows: [settle, refused, ...rest.rows],
  });
  await deps.nudge([rest.command]);
  return done;
}

/** What lost disputes have given back to the client. */
function lostMinor({ disputes }: TestimonyAggregate, checkout: Checkout): number {
  const lost = disputes.filter((one) => one.checkoutId === checkout.id && one.state === "lost");
  return lost.reduce((sum, one) => sum + one.amountMinor, 0);
}

/**
 * What follows from a refund as Stripe has it now. Stripe takes the money when the refund is made, and gives it back when
 * it fails: the books follow by the difference, so that the same news twice changes nothing.
 */
export async function refundFound(
  deps: Deps,
  checkout: Checkout,
  refund: Refund,
  facts: RefundFacts,
): Promise<Decision> {
  const posted = await postedFor(deps.db, checkout.testimonyId, facts.id);
  const takenMinor = facts.status === "failed" ? 0 : facts.amountMinor;
  const target = { client_payable: takenMinor, stripe_balance: -takenMinor };
  const postings = adjust(target, posted, refund.currency, facts.id);
  const note = noteStripeObject(deps.db, facts.id, { aggregateId: checkout.testimonyId, subjectId: refund.id });
  if (facts.status === "failed") {
    const failed = refundFailed(deps, checkout, { ...refund, stripeId: facts.id }, "failed_at_stripe");
    return { ...failed, rows: [note, ...failed.rows], postings };
  }
  const state = facts.status;
  // Asked about once more after it succeeded: the answer may be a replay of what was true earlier.
  const row = updateRefund(deps.db, refund, { state, stripeId: facts.id, dueAt: deps.nowMs() + nextLookMs });
  if (state === "succeeded") {
    const returned = paymentReturned(deps, checkout, refund, refund.amountMinor, facts.id);
    return { ...returned, rows: [note, row, ...returned.rows], postings };
  }
  return {
    name: "refund-pending",
    actor: "stripe",
    data: { testimonyId: checkout.testimonyId, checkoutId: checkout.id, refundId: refund.id, stripeId: facts.id },
    rows: [note, row],
    postings,
  };
}

/** The client has everything back; the last of it, in minor units, by this refund. */
function paymentReturned(
  deps: Deps,
  checkout: Checkout,
  refund: Refund,
  amountMinor: number,
  stripeId?: string,
): Decision {
  const ids = { testimonyId: checkout.testimonyId, checkoutId: checkout.id, refundId: refund.id };
  const facts = { offerId: checkout.offerId, clientId: checkout.clientId, currency: refund.currency };
  return {
    name: "refund-succeeded",
    actor: "stripe",
    data: stripeId === undefined ? ids : { ...ids, stripeId },
    rows: [
      updateCheckout(deps.db, checkout, {
        state: enter(checkoutMachine, "return", checkout.state, "stripe"),
        dueAt: null,
      }),
      clear(deps, checkout.testimonyId, "stripe", ["refund_failed"], { aboutId: checkout.id }),
    ],
    events: [{ type: "offer.payment_returned", data: { ...ids, ...facts, amountMinor, reason: refund.reason } }],
  };
}

function refundFailed(deps: Deps, checkout: Checkout, refund: Refund, reason: string): Decision {
  const ids = { testimonyId: checkout.testimonyId, checkoutId: checkout.id, refundId: refund.id };
  return {
    name: "refund-failed",
    actor: "stripe",
    data: { ...ids, reason },
    rows: [
      updateRefund(deps.db, refund, { state: "failed", stripeId: refund.stripeId, failure: reason, dueAt: null }),
      updateCheckout(deps.db, checkout, {
        state: enter(checkoutMachine, "fail-return", checkout.state, "stripe"),
        dueAt: null,
      }),
      raise(deps, checkout.testimonyId, {
        kind: "refund_failed",
        aboutKind: "checkout",
        aboutId: checkout.id,
        amountMinor: refund.amountMinor,
        currency: refund.currency,
        note: reason,
      }),
    ],
    events: [{ type: "offer.payment_return_failed", data: { ...ids, reason } }],
  };
}
