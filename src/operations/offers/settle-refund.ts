import type { Statement } from "../../db/database";
import {
  addRefunded,
  type Checkout,
  type Refund,
  type TestimonyAggregate,
  updateCheckout,
  updateRefund,
} from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { noteStripeObject } from "../../db/stripe-objects";
import { adjust } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { checkoutMachine, feePollAtMs } from "../../domain/offers/checkout";
import { hourMs } from "../../domain/time";
import { type RefundFacts, takenMinor } from "../../stripe/refunds";
import { clear, raise } from "../attention";
import type { NextChange } from "../change";
import type { Deps } from "../deps";
import { readCharge } from "./read-charge";
import { partlyReturnedEvent, returnFailedEvent } from "./reserve-refund";
import { nextReturn, restReturned } from "./return-rest";

/**
 * Interval in which Stripe is asked about a pending refund until it has decided, and once more after a refund
 * succeeded.
 */
export const refundPollMs = hourMs;

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
  const row = updateRefund(deps.db, refund, { state, stripeId: facts.id, dueAt: deps.nowMs() + refundPollMs });
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
    events: [partlyReturnedEvent(checkout, refund)],
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
  const asked = await readCharge(deps, aggregate, checkout);
  return asked.ok ? nextReturn(checkout, asked.value.money) : undefined;
}

/** Decides what follows when a refund has failed: the amount is owed to the client again. */
export function refundFailed(deps: Deps, checkout: Checkout, refund: Refund, reason: string): NextChange {
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
    events: [returnFailedEvent(checkout, refund, reason)],
  };
}

/**
 * Shows the operator that a client waits because our balance at Stripe is too small, with Stripe's reason: a top-up, or
 * the next charge, mends it. https://docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason
 */
function waitsForFunds(
  deps: Deps,
  { testimonyId, id, amountMinor, currency }: Refund,
  { pendingReason }: RefundFacts,
): Statement {
  const about = { aboutKind: "refund", aboutId: id, amountMinor, currency } as const;
  return raise(deps, testimonyId, { kind: "refund_pending", ...about, note: pendingReason ?? "not moved yet" });
}

/** Closes the notice with the change that ends the waiting. */
function endWaiting(deps: Deps, { attention }: TestimonyAggregate, { testimonyId, id }: Refund): Statement[] {
  const isStanding = attention.some((one) => one.kind === "refund_pending" && one.aboutId === id);
  return isStanding ? [clear(deps, testimonyId, "stripe", ["refund_pending"], { aboutId: id })] : [];
}
