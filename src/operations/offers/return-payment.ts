import {
  addRefunded,
  type Checkout,
  loadTestimony,
  type Refund,
  type TestimonyAggregate,
  updateCheckout,
  updateRefund,
} from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { adjust } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { checkoutMachine, feePollAtMs } from "../../domain/offers/checkout";
import { done, type Result, refuse } from "../../domain/result";
import { createRefund, listRefunds, type RefundFacts, type RefundOrder, takenMinor } from "../../stripe/refunds";
import { clear, raise } from "../attention";
import { appendChange, type NextChange } from "../change";
import type { Deps } from "../deps";
import { attempt, type EffectKind, type EffectOutcome } from "../effects";
import { chargeMoney } from "./charge-money";
import { recordRefundAtStripe } from "./record-refund-at-stripe";
import { endWaiting, waitsForFunds } from "./refund-waiting";
import { partlyReturnedEvents, returnFailedEvents } from "./return-events";
import { nextReturn, restReturned, returnPart, waitForDispute } from "./return-rest";

const createRefundEffect: EffectKind<RefundFacts> = {
  call: (deps, effect, key) => createRefund(deps.stripe, orderOf(effect), key),
  async find(deps, effect) {
    const listed = await listRefunds(deps.stripe, orderOf(effect).paymentIntentId);
    if (!listed.ok) return listed;
    return { ok: true, value: listed.value.find((one) => one.refundId === orderOf(effect).refundId) };
  },
};

function orderOf(effect: StripeEffect): RefundOrder {
  return effect.params as unknown as RefundOrder; // written by reserveRefund
}

/**
 * Interval in which Stripe is asked about a pending refund until it has decided, and once more after a refund
 * succeeded.
 */
export const nextPollMs = 60 * 60 * 1000;

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
  const asked = await chargeMoney(deps, aggregate, checkout);
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

/**
 * Decides what follows from a refund's present state at Stripe. Stripe takes the money when the refund is made, or
 * later if the balance does not cover it, and gives it back when the refund fails: only the difference is posted, so
 * that the same report twice changes nothing. https://docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason
 */
export async function refundFound(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  refund: Refund,
  facts: RefundFacts,
): Promise<NextChange> {
  const posted = await postedFor(deps.db, checkout.testimonyId, facts.id);
  const goneMinor = takenMinor(facts);
  const target = { client_payable: goneMinor, stripe_balance: -goneMinor };
  const postings = adjust(target, posted, refund.currency, facts.id);
  const note = noteStripeObject(deps.db, facts.id, { aggregateId: checkout.testimonyId, subjectId: refund.id });
  if (facts.status === "failed") {
    const failed = refundFailed(deps, checkout, { ...refund, stripeId: facts.id }, "failed_at_stripe");
    return { ...failed, rows: [note, ...endWaiting(deps, aggregate, refund), ...failed.rows], postings };
  }
  const state = facts.status;
  // A refund that succeeded is checked once more, because the answer may be a replay of an earlier one.
  const row = updateRefund(deps.db, refund, { state, stripeId: facts.id, dueAt: deps.nowMs() + nextPollMs });
  if (state === "succeeded") {
    const arrived = await refundArrived(deps, aggregate, checkout, refund, facts.id);
    return { ...arrived, rows: [note, row, ...endWaiting(deps, aggregate, refund), ...arrived.rows], postings };
  }
  return {
    name: "refund-pending",
    actor: "stripe",
    data: {
      testimonyId: checkout.testimonyId,
      checkoutId: checkout.id,
      refundId: refund.id,
      stripeId: facts.id,
      pendingReason: facts.pendingReason,
    },
    rows: [
      note,
      row,
      ...(facts.movesMoney ? endWaiting(deps, aggregate, refund) : [waitsForFunds(deps, refund, facts)]),
    ],
    postings,
  };
}

/** Decides what follows when a refund has reached the client, with all of the payment or a part of it. */
async function refundArrived(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  refund: Refund,
  stripeId: string,
): Promise<NextChange> {
  const isOpen = ({ id, state }: Refund) => id !== refund.id && (state === "claimed" || state === "pending");
  const isLast = !aggregate.refunds.some((one) => one.checkoutId === checkout.id && isOpen(one));
  const isReturn = checkout.state === "returning" || checkout.state === "return_failed";
  const next = isReturn && isLast ? await afterLast(deps, aggregate, checkout) : undefined;
  if (next?.end === "returned") {
    const returned = restReturned(deps, checkout, refund.reason, next.byBankMinor, refund.id, refund.amountMinor);
    return { ...returned, data: { ...returned.data, stripeId } };
  }
  const { testimonyId, id: checkoutId } = checkout;
  const ids = { testimonyId, checkoutId, refundId: refund.id };
  const isMended = checkout.state === "accepted" && isLast && checkout.refundedMinor >= checkout.returnedMinor;
  return {
    name: "refund-succeeded",
    actor: "stripe",
    data: { ...ids, stripeId },
    rows: [
      ...(isMended ? [clear(deps, testimonyId, "stripe", ["refund_failed"], { aboutId: checkoutId })] : []),
      ...(checkout.state === "returning" && isLast ? [updateCheckout(deps.db, checkout, { dueAt: deps.nowMs() })] : []),
    ],
    events: [partlyReturnedEvents(checkout, refund)],
  };
}

/**
 * Decides what follows after the last of our own refunds: what they do not cover may be refunded out-of-band or still
 * be owed, which Stripe knows.
 */
async function afterLast(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
): Promise<ReturnType<typeof nextReturn> | undefined> {
  if (checkout.refundedMinor >= checkout.totalMinor) return { end: "returned", byBankMinor: 0 };
  const asked = await chargeMoney(deps, aggregate, checkout);
  return asked.ok ? nextReturn(checkout, asked.value.money) : undefined;
}

/** Decides what follows when a refund has failed: the amount is owed to the client again. */
function refundFailed(deps: Deps, checkout: Checkout, refund: Refund, reason: string): NextChange {
  const ids = { testimonyId: checkout.testimonyId, checkoutId: checkout.id, refundId: refund.id };
  const isReturn = checkout.state === "returning" || checkout.state === "returned";
  return {
    name: "refund-failed",
    actor: "stripe",
    data: { ...ids, reason },
    rows: [
      updateRefund(deps.db, refund, { state: "failed", stripeId: refund.stripeId, failure: reason, dueAt: null }),
      addRefunded(deps.db, checkout, -refund.amountMinor),
      ...(isReturn
        ? [
            updateCheckout(deps.db, checkout, {
              state: enter(checkoutMachine, "fail-return", checkout.state, "stripe"),
              dueAt: feePollAtMs(checkout, deps.nowMs()),
            }),
          ]
        : []),
      raise(deps, checkout.testimonyId, {
        kind: "refund_failed",
        aboutKind: "checkout",
        aboutId: checkout.id,
        amountMinor: refund.amountMinor,
        currency: refund.currency,
        note: reason,
      }),
    ],
    events: [returnFailedEvents(checkout, refund, reason)],
  };
}
