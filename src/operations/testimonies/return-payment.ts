import { postedFor } from "../../db/postings";
import {
  type Checkout,
  noteStripeObject,
  type Refund,
  type StripeEffect,
  type TestimonyAggregate,
  updateCheckout,
  updateRefund,
  updateTestimony,
} from "../../db/testimonies";
import { checkoutMachine } from "../../domain/checkout";
import { adjust } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { done, type Result, refuse } from "../../domain/result";
import { createRefund, listRefunds, type RefundFacts, type RefundOrder } from "../../stripe/refunds";
import { type Decision, record } from "../change";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";

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

/** A pending refund is asked about until Stripe has decided. */
export const pendingLookMs = 60 * 60 * 1000;

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
  const decision =
    outcome.end === "done"
      ? await refundFound(deps, checkout, refund, outcome.value)
      : refundFailed(deps, checkout, refund, outcome.failure.kind);
  await record(deps, aggregate, { ...decision, rows: [outcome.settle, ...decision.rows] });
  return done;
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
  const isDone = facts.status === "succeeded";
  const ids = { testimonyId: checkout.testimonyId, checkoutId: checkout.id, refundId: refund.id };
  return {
    name: isDone ? "refund-succeeded" : "refund-pending",
    actor: "stripe",
    data: { ...ids, stripeId: facts.id },
    rows: [
      note,
      updateRefund(deps.db, refund, {
        state: isDone ? "succeeded" : "pending",
        stripeId: facts.id,
        dueAt: isDone ? null : deps.nowMs() + pendingLookMs,
      }),
      ...(isDone
        ? [
            updateCheckout(deps.db, checkout, {
              state: enter(checkoutMachine, "return", checkout.state, "stripe"),
              dueAt: null,
            }),
          ]
        : []),
    ],
    postings,
    events: isDone
      ? [
          {
            type: "offer.payment_returned",
            data: {
              ...ids,
              offerId: checkout.offerId,
              clientId: checkout.clientId,
              currency: refund.currency,
              amountMinor: refund.amountMinor,
              reason: refund.reason,
            },
          },
        ]
      : [],
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
      updateTestimony(deps.db, checkout.testimonyId, { needsAttention: "refund_failed" }),
    ],
    events: [{ type: "offer.payment_return_failed", data: { ...ids, reason } }],
  };
}

/** Books a refund that somebody made at Stripe, past us (decisions O14): from what we owe the client, else at our expense. */
export function outsideRefundPostings(
  checkout: Checkout,
  facts: RefundFacts,
  posted: Awaited<ReturnType<typeof postedFor>>,
) {
  const takenMinor = facts.status === "failed" ? 0 : facts.amountMinor;
  const isOwed = checkout.state === "returning" || checkout.state === "return_failed" || posted.has("client_payable");
  const account = isOwed ? "client_payable" : "refunds_made_at_stripe";
  return adjust({ [account]: takenMinor, stripe_balance: -takenMinor }, posted, checkout.currency, facts.id);
}
