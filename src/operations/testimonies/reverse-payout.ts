import {
  noteStripeObject,
  type Payout,
  type StripeEffect,
  type TestimonyAggregate,
  updatePayout,
} from "../../db/testimonies";
import { move } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { payoutMachine } from "../../domain/payout";
import { done, type Result, refuse } from "../../domain/result";
import { type ReversalFacts, retrieveTransfer, reverseTransfer } from "../../stripe/transfers";
import { record } from "../change";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";
import { claimRefund } from "./settle-checkout";

const reverseTransferEffect: EffectKind<ReversalFacts> = {
  call: (deps, effect, key) => reverseTransfer(deps.stripe, orderOf(effect), key),
  async find(deps, effect) {
    const order = orderOf(effect);
    const asked = await retrieveTransfer(deps.stripe, order.transferId);
    if (!asked.ok) return asked;
    return { ok: true, value: asked.value.reversals.find((one) => one.payoutId === order.payoutId) };
  },
};

function orderOf(effect: StripeEffect) {
  return effect.params as unknown as { transferId: string; amountMinor: number; payoutId: string };
}

/**
 * Takes a paid payout back. Stripe reverses only what the expert's balance covers: if it refuses, the shortfall stays a
 * receivable from the expert, and the client is refunded all the same (decisions O10).
 */
export async function reversePayout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  if (!checkout?.paymentIntentId) return refuse("testimony_unknown");
  const outcome = await attempt(deps, effect, reverseTransferEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);

  const reversal = outcome.end === "done" ? outcome.value : undefined;
  const reversedMinor = payout.reversedMinor + (reversal?.amountMinor ?? 0);
  const refund = claimRefund(
    deps,
    checkout,
    checkout.paymentIntentId,
    aggregate.testimony.cancellationReason ?? "refund",
  );
  await record(deps, aggregate, {
    name: reversal ? "reverse-payout" : "carry-receivable",
    actor: "stripe",
    data: { payoutId: payout.id, reversedMinor, stripeId: reversal?.id ?? null },
    rows: [
      outcome.settle,
      // Due: what is still owing is carried to the expert's home next.
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "finish-reversal", payout.state, "stripe"),
        reversedMinor,
        dueAt: deps.nowMs(),
      }),
      ...(reversal
        ? [noteStripeObject(deps.db, reversal.id, { aggregateId: payout.testimonyId, subjectId: payout.id })]
        : []),
      ...refund.rows,
    ],
    postings: reversal
      ? move(reversal.amountMinor, payout.currency, {
          debit: "stripe_balance",
          credit: "expert_receivable",
          reference: reversal.id,
        })
      : [],
    events: [
      {
        type: "payout.reversed",
        data: {
          testimonyId: payout.testimonyId,
          payoutId: payout.id,
          expertId: payout.expertId,
          currency: payout.currency,
          amountMinor: reversal?.amountMinor ?? 0,
          owingMinor: payout.amountMinor - reversedMinor,
        },
      },
    ],
  });
  const settle = { testimonyId: payout.testimonyId, payoutId: payout.id };
  await deps.nudge([refund.command, { name: "advance-payout", input: settle }]);
  return done;
}
