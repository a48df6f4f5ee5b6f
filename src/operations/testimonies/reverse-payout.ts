import type { Statement } from "../../db/database";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { loadTestimony, type Payout, type TestimonyAggregate, updatePayout } from "../../db/testimonies";
import { homeOf } from "../../domain/id";
import { move } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { payoutMachine } from "../../domain/payout";
import { done, type Result, refuse } from "../../domain/result";
import { type ReversalFacts, retrieveTransfer, reverseTransfer } from "../../stripe/transfers";
import { record } from "../change";
import type { Deps } from "../deps";
import { attempt, claim, type EffectKind, type EffectOutcome } from "../effects";
import { claimRefund } from "./claim-refund";
import { recordReversal } from "./record-reversal";

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
  const outcome = await attempt(deps, effect, reverseTransferEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "done") return finish(deps, aggregate, payout, outcome, outcome.value);

  // Somebody may have taken it back past us: that is booked first, and only the rest is asked for.
  const booked = await recordReversal(deps, { testimonyId: payout.testimonyId, payoutId: payout.id });
  if (!booked.ok) return booked;
  const fresh = await loadTestimony(deps.db, payout.testimonyId);
  const current = fresh?.payouts.find((one) => one.id === payout.id);
  if (!fresh || !current) return refuse("testimony_unknown");
  const restMinor = current.amountMinor - current.nettedMinor - current.reversedMinor;
  return restMinor > 0 && restMinor < orderOf(effect).amountMinor
    ? reverseRest(deps, fresh, { ...effect, params: { ...effect.params, amountMinor: restMinor } }, outcome.settle)
    : finish(deps, fresh, current, outcome);
}

async function reverseRest(
  deps: Deps,
  aggregate: TestimonyAggregate,
  { aggregateId, kind, subjectId, params }: StripeEffect,
  settle: Statement,
): Promise<Result<null>> {
  const effectId = deps.newId(homeOf(aggregateId));
  await record(deps, aggregate, {
    name: "reverse-rest",
    actor: "stripe",
    data: { payoutId: subjectId, amountMinor: params.amountMinor },
    rows: [settle, claim(deps, { aggregateId, id: effectId, kind, subjectId, params })],
  });
  await deps.nudge([{ name: "resume-effect", input: { root: "testimony", aggregateId, effectId } }]);
  return done;
}

/** Nothing more is coming back: what is still owing is carried to the expert's account, and the client is refunded. */
async function finish(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  outcome: Exclude<EffectOutcome<ReversalFacts>, { end: "open" }>,
  reversal?: ReversalFacts,
): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  if (!checkout?.paymentIntentId) return refuse("testimony_unknown");
  const reversedMinor = payout.reversedMinor + (reversal?.amountMinor ?? 0);
  const refund = claimRefund(
    deps,
    checkout,
    checkout.paymentIntentId,
    aggregate.testimony.cancellationReason ?? "refund",
  );
  await record(deps, aggregate, {
    name: payout.amountMinor - payout.nettedMinor > reversedMinor ? "carry-receivable" : "reverse-payout",
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
