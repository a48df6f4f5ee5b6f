import { type Payout, type TestimonyAggregate, updatePayout } from "../../db/offers/testimonies";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { line } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { owedPostings, payoutMachine } from "../../domain/offers/payout";
import { done, type Result, refuse } from "../../domain/result";
import { failure } from "../../stripe/failure";
import { createTransfer, findTransfer, type TransferFacts } from "../../stripe/transfers";
import { raise } from "../attention";
import { paramsOf } from "../call-params";
import { appendChange, type NextChange } from "../change";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt, endCall, isQuiet, putOff } from "../effects";
import { endHoldAttention, holdPayout, isGone, standingOf } from "./hold-payout";

const createTransferEffect: EffectKind<TransferFacts> = {
  call: (deps, effect, key) => createTransfer(deps.stripe, orderOf(effect), key),
  find: (deps, effect) => findTransfer(deps.stripe, orderOf(effect).testimonyId, orderOf(effect).payoutId),
};

function orderOf(effect: StripeEffect) {
  return paramsOf(effect, "create-transfer");
}

/**
 * Resumes a pending transfer. Its conditions may have changed since: a transfer that was made counts, and one that was
 * not is sent only while nothing holds it and the account is still the one that it was written down for.
 */
export async function sendPayout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  if (!checkout) return refuse("testimony_unknown");
  const asked = await standingOf(deps, aggregate, payout, checkout);
  if (!asked.ok) return stillOpen(deps, effect, asked.failure);
  const { holds, account, charge, coveredMinor } = asked.value;
  const [made] = charge.transfers;
  if (made) return adoptTransfer(deps, aggregate, payout, made, effect);
  const isSameAccount = orderOf(effect).destination === account?.stripeAccountId;
  if (holds.length === 0 && isSameAccount) return makeTransfer(deps, aggregate, payout, effect);

  // Stripe may still be working on it: nothing is sent any more, and enough time without a transfer decides.
  if (!isQuiet(deps, effect)) return stillOpen(deps, effect);
  const rows = endCall(deps, effect, { state: "refused", failure: "not_wanted: what it rested on has changed" });
  const held = await holdPayout(deps, aggregate, payout, holds, { rows, coveredMinor });
  if (holds.length === 0) {
    const input = { testimonyId: payout.testimonyId, payoutId: payout.id };
    await deps.enqueueCommands([{ name: "advance-payout", input }]);
  }
  return held;
}

async function stillOpen(deps: Deps, effect: StripeEffect, why = notKnown): Promise<Result<null>> {
  await putOff(deps, effect, why, effect.failure ?? undefined);
  return refuse("stripe_unavailable", why.message);
}

const notKnown = failure("unreachable", "whether Stripe has made the transfer is not known yet");

/**
 * Makes the transfer of a pending call. An account that cannot receive holds the payout, and so does an empty balance,
 * because the money of a settled charge may have been paid out to the bank. Any other refusal calls an operator.
 */
export async function makeTransfer(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
): Promise<Result<null>> {
  const outcome = await attempt(deps, effect, createTransferEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "done") {
    const paid = payoutPaid(deps, payout, "clock", outcome.value);
    await appendChange(deps, aggregate, { ...paid, rows: [...outcome.settle, ...paid.rows] });
    return done;
  }
  const { settle } = outcome;
  const isAway = isGone(outcome.failure);
  if (outcome.failure.kind === "insufficient_funds") {
    return holdPayout(deps, aggregate, payout, ["balance_insufficient"], { actor: "stripe", rows: settle });
  }
  if (outcome.failure.kind !== "capability_missing" && !isAway) {
    const failed = payoutFailed(deps, payout, outcome.failure.kind);
    await appendChange(deps, aggregate, { ...failed, rows: [...settle, ...failed.rows] });
    return done;
  }
  const hold = isAway ? "account_gone" : "account_not_ready";
  await holdPayout(deps, aggregate, payout, [hold], { actor: "stripe", rows: settle });
  // Our state of the account was wrong: the event about it was lost, and none may follow.
  await deps.enqueueCommands([{ name: "check-payout-account", input: { userId: payout.expertId } }]);
  return done;
}

/** Books a transfer that Stripe turned out to have made for this payout. */
export async function adoptTransfer(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  transfer: TransferFacts,
  effect?: StripeEffect,
): Promise<Result<null>> {
  const state = payout.state === "sending" ? payout.state : enter(payoutMachine, "send", payout.state, "clock");
  const paid = payoutPaid(deps, { ...payout, state }, "stripe", transfer);
  await appendChange(deps, aggregate, {
    ...paid,
    rows: [
      ...(effect ? endCall(deps, effect, { state: "done", resultId: transfer.id }) : []),
      ...paid.rows,
      ...endHoldAttention(deps, aggregate, payout),
    ],
  });
  const ids = { testimonyId: payout.testimonyId, payoutId: payout.id };
  await deps.enqueueCommands([{ name: transfer.reversedMinor > 0 ? "record-reversal" : "advance-payout", input: ids }]);
  return done;
}

/** Makes the change for a payout that Stripe refuses for good: an operator must look. */
function payoutFailed(deps: Deps, payout: Payout, reason: string): NextChange {
  const { testimonyId, id: payoutId, expertId } = payout;
  return {
    name: "fail-payout",
    actor: "stripe",
    data: { payoutId, failure: reason },
    rows: [
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "fail", payout.state, "stripe"),
        reason,
        dueAt: null,
      }),
      raise(deps, testimonyId, failedPayout(payout, reason)),
    ],
    events: [{ type: "payout.failed", data: { testimonyId, payoutId, expertId, reason }, to: { expert: expertId } }],
  };
}

/** Makes the reason for which an operator must look at a payout that cannot be sent automatically. */
export function failedPayout({ id, amountMinor, currency }: Payout, note: string) {
  return { kind: "payout_failed", aboutKind: "payout", aboutId: id, amountMinor, currency, note } as const;
}

/**
 * Makes the change for a payout that the expert has received: the debt is paid by the transfer, and by what the expert
 * owed us.
 */
export function payoutPaid(
  deps: Deps,
  payout: Payout,
  actor: string,
  transfer?: Pick<TransferFacts, "id" | "amountMinor">,
): NextChange {
  const { testimonyId, id: payoutId, expertId, currency, nettedMinor } = payout;
  const sentMinor = transfer?.amountMinor ?? 0;
  const facts = { testimonyId, payoutId, currency, amountMinor: sentMinor + nettedMinor, nettedMinor };
  const state = enter(payoutMachine, "pay", payout.state, "stripe");
  return {
    name: "pay-payout",
    actor,
    data: { ...facts, transferId: transfer?.id ?? null },
    rows: [
      updatePayout(deps.db, payout, {
        state,
        sentMinor,
        nettedMinor,
        reason: null,
        holds: [],
        // If the transfer differs from what is owed, the difference is carried to the expert's account with us.
        dueAt: owedAfter(payout, sentMinor) === 0 ? null : deps.nowMs(),
        ...(transfer ? { transferId: transfer.id } : {}),
      }),
      ...(transfer ? [noteStripeObject(deps.db, transfer.id, { aggregateId: testimonyId, subjectId: payoutId })] : []),
    ],
    postings: [
      ...owedPostings(payout, { ...payout, state, sentMinor }, currency),
      ...line("stripe_balance", currency, -sentMinor, transfer?.id),
      ...line("expert_receivable", currency, -nettedMinor),
    ],
    events: [{ type: "payout.paid", data: { ...facts, expertId }, to: { expert: expertId } }],
  };
}

function owedAfter({ amountMinor, loweredMinor, nettedMinor }: Payout, sentMinor: number): number {
  return amountMinor - loweredMinor - nettedMinor - sentMinor;
}
