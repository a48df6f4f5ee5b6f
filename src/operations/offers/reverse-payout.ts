import type { Statement } from "../../db/database";
import { loadTestimony, type Payout, type TestimonyAggregate, updatePayout } from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { bucketOf } from "../../domain/id";
import { line } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { owedMinor, owedPostings, payoutMachine } from "../../domain/offers/payout";
import { done, type Result, refuse } from "../../domain/result";
import { type ReversalFacts, retrieveTransfer, reverseTransfer } from "../../stripe/transfers";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt, type EffectOutcome, reserveCall } from "../effects";
import { lostTimeOf } from "../lost-time";
import { recordReversal } from "./record-reversal";
import { isToBeReturned, reserveRefund } from "./reserve-refund";
import { awaitReversal, isWorthWaiting, reservedMinor } from "./reserve-reversal";

const reverseTransferEffect: EffectKind<ReversalFacts> = {
  call: (deps, effect, key) => reverseTransfer(deps.stripe, orderOf(effect), effect.id, key),
  async find(deps, effect) {
    const asked = await retrieveTransfer(deps.stripe, orderOf(effect).transferId);
    if (!asked.ok) return asked;
    const { reversals } = asked.value;
    const made = reversals.find((one) => one.callId === effect.id);
    return { ok: true, value: made ?? (await forgottenReversal(deps, effect, reversals)) };
  },
};

function orderOf(effect: StripeEffect) {
  return paramsOf(effect, "reverse-transfer");
}

/** Finds the same reversal if it was made in the time that the database has lost, by a call whose row was lost. */
async function forgottenReversal(
  deps: Deps,
  effect: StripeEffect,
  reversals: readonly ReversalFacts[],
): Promise<ReversalFacts | undefined> {
  if (!(await lostTimeOf(deps, effect.subjectId))) return undefined;
  const { payoutId, amountMinor } = orderOf(effect);
  for (const one of reversals) {
    if (one.payoutId !== payoutId || one.amountMinor !== amountMinor) continue;
    if ((await postedFor(deps.db, effect.aggregateId, one.id)).size === 0) return one;
  }
  return undefined;
}

/**
 * Reverses a paid payout. Stripe reverses only what the expert's balance covers: after a refusal it is asked again
 * while funds are pending there, and then the shortfall stays a receivable from the expert. The client is refunded all
 * the same.
 */
export async function reversePayout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
): Promise<Result<null>> {
  const outcome = await attempt(deps, effect, reverseTransferEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "done") return finish(deps, aggregate, payout, effect, outcome, outcome.value);
  const waits = await isWorthWaiting(deps, payout, effect, outcome.failure);
  if (!orderOf(effect).isLast) {
    return waits
      ? awaitReversal(deps, aggregate, payout, effect, outcome.failure)
      : finish(deps, aggregate, payout, effect, outcome);
  }

  // Somebody may have reversed the transfer out-of-band: that is booked first, and only the rest is requested.
  const booked = await recordReversal(deps, { testimonyId: payout.testimonyId, payoutId: payout.id });
  if (!booked.ok) return booked;
  const fresh = await loadTestimony(deps.db, payout.testimonyId);
  const current = fresh?.payouts.find((one) => one.id === payout.id);
  if (!fresh || !current) return refuse("testimony_unknown");
  const restMinor = current.sentMinor - current.reversedMinor - reservedMinor(fresh, current, effect.id);
  if (restMinor > 0 && restMinor < orderOf(effect).amountMinor) {
    return reverseRest(deps, fresh, effect, restMinor, outcome.settle);
  }
  return waits && restMinor > 0
    ? awaitReversal(deps, fresh, current, effect, outcome.failure)
    : finish(deps, fresh, current, effect, outcome);
}

async function reverseRest(
  deps: Deps,
  aggregate: TestimonyAggregate,
  effect: StripeEffect,
  amountMinor: number,
  settle: readonly Statement[],
): Promise<Result<null>> {
  const { aggregateId, subjectId } = effect;
  const params = { ...orderOf(effect), amountMinor };
  const effectId = deps.newId(bucketOf(aggregateId));
  await appendChange(deps, aggregate, {
    name: "reverse-rest",
    actor: "stripe",
    data: { payoutId: subjectId, amountMinor },
    rows: [...settle, reserveCall(deps, { aggregateId, id: effectId, kind: "reverse-transfer", subjectId, params })],
  });
  await deps.enqueueCommands([{ name: "resume-effect", input: { root: "testimony", aggregateId, effectId } }]);
  return done;
}

/**
 * Ends a reversal that brings nothing more: what is still owing is carried to the expert's account. If the whole payout
 * was taken back, the client's refund is requested here; the refund of a part was requested before.
 */
async function finish(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
  outcome: Exclude<EffectOutcome<ReversalFacts>, { end: "open" }>,
  reversal?: ReversalFacts,
): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  if (!checkout?.paymentIntentId) return refuse("testimony_unknown");
  const { isLast, refund: asked } = orderOf(effect);
  // While this call was pending, the check of an earlier part may have requested all the rest already.
  const refund =
    isLast && isToBeReturned(checkout)
      ? reserveRefund(
          deps,
          checkout,
          checkout.paymentIntentId,
          aggregate.testimony.cancellationReason ?? "refund",
          undefined,
          asked,
        )
      : undefined;
  const { testimonyId, id: payoutId, expertId, currency } = payout;
  const amountMinor = reversal?.amountMinor ?? 0;
  const state = isLast ? enter(payoutMachine, "finish-reversal", payout.state, "stripe") : payout.state;
  const after: Payout = { ...payout, state, reversedMinor: payout.reversedMinor + amountMinor };
  const owingMinor = Math.max(0, -owedMinor(after));
  await appendChange(deps, aggregate, {
    name: after.sentMinor > after.reversedMinor && owingMinor > 0 ? "carry-receivable" : "reverse-payout",
    actor: "stripe",
    data: { payoutId, reversedMinor: after.reversedMinor, stripeId: reversal?.id ?? null },
    rows: [
      ...outcome.settle,
      // Due, because what is still owing is carried to the expert's shard next.
      updatePayout(deps.db, payout, {
        state,
        reversedMinor: after.reversedMinor,
        dueAt: state === "reversing" ? null : deps.nowMs(),
      }),
      ...(reversal ? [noteStripeObject(deps.db, reversal.id, { aggregateId: testimonyId, subjectId: payoutId })] : []),
      ...(refund?.rows ?? []),
    ],
    postings: [
      ...owedPostings(payout, after, currency, reversal?.id),
      ...line("stripe_balance", currency, amountMinor, reversal?.id),
    ],
    events: [
      {
        type: "payout.reversed",
        data: { testimonyId, payoutId, expertId, currency, amountMinor, owingMinor },
        to: { expert: amountMinor > 0 ? expertId : null }, // if nothing came back, the debt has its own event
      },
      ...(refund ? [refund.event] : []),
    ],
  });
  const carry = { name: "advance-payout", input: { testimonyId, payoutId } } as const;
  await deps.enqueueCommands([...(refund ? [refund.command] : []), carry]);
  return done;
}
