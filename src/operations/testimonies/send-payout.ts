import { insertNotification } from "../../db/notifications";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { type Payout, type TestimonyAggregate, updatePayout } from "../../db/testimonies";
import { homeOf } from "../../domain/id";
import { move } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { payoutMachine } from "../../domain/payout";
import { done, type Result, refuse } from "../../domain/result";
import { createTransfer, findTransfer, type TransferFacts, type TransferOrder } from "../../stripe/transfers";
import { raise } from "../attention";
import { type Decision, record } from "../change";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";

/** A held payout is looked at again after an hour, should the news of its account be lost. */
const heldLookMs = 60 * 60 * 1000;

const createTransferEffect: EffectKind<TransferFacts> = {
  call: (deps, effect, key) => createTransfer(deps.stripe, orderOf(effect), key),
  find: (deps, effect) => findTransfer(deps.stripe, orderOf(effect).testimonyId, orderOf(effect).payoutId),
};

function orderOf(effect: StripeEffect): TransferOrder {
  return effect.params as unknown as TransferOrder; // as claimed by advance-payout
}

/** Carries a claimed transfer out. An account that cannot receive holds the payout; any other refusal wants an operator. */
export async function sendPayout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
): Promise<Result<null>> {
  const outcome = await attempt(deps, effect, createTransferEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "done") {
    const paid = payoutPaid(deps, payout, "clock", outcome.value.id);
    await record(deps, aggregate, { ...paid, rows: [outcome.settle, ...paid.rows] });
    return done;
  }
  const isHeld = outcome.failure.kind === "capability_missing";
  const unpaid = isHeld ? payoutHeld(deps, payout) : payoutFailed(deps, payout, outcome.failure.kind);
  const data = { payoutId: payout.id, failure: outcome.failure.kind };
  await record(deps, aggregate, { ...unpaid, actor: "stripe", data, rows: [outcome.settle, ...unpaid.rows] });
  // What we remember of the account was wrong: the event that said so was lost, and none may follow.
  if (isHeld) await deps.nudge([{ name: "check-payout-account", input: { userId: payout.expertId } }]);
  return done;
}

type Unpaid = Pick<Decision, "name" | "rows" | "events">;

/** The account cannot receive: the payout waits until it can. */
function payoutHeld(deps: Deps, payout: Payout): Unpaid {
  const reason = "account_not_ready";
  const state = enter(payoutMachine, "hold", payout.state, "stripe");
  return {
    name: "hold-payout",
    rows: [updatePayout(deps.db, payout, { state, reason, dueAt: deps.nowMs() + heldLookMs })],
    events: [{ type: "payout.held", data: { ...idsOf(payout), reason } }],
  };
}

/** Stripe will not, and time does not heal it: an operator must. */
function payoutFailed(deps: Deps, payout: Payout, reason: string): Unpaid {
  const state = enter(payoutMachine, "fail", payout.state, "stripe");
  return {
    name: "fail-payout",
    rows: [
      updatePayout(deps.db, payout, { state, reason, dueAt: null }),
      raise(deps, payout.testimonyId, failedPayout(payout, reason)),
    ],
    events: [{ type: "payout.failed", data: { ...idsOf(payout), reason } }],
  };
}

/** Why an operator must look at a payout that will not go out by itself. */
export function failedPayout({ id, amountMinor, currency }: Payout, note: string) {
  return { kind: "payout_failed", aboutKind: "payout", aboutId: id, amountMinor, currency, note } as const;
}

function idsOf({ testimonyId, id: payoutId, expertId }: Payout) {
  return { testimonyId, payoutId, expertId };
}

/** The expert has the money: what was owed is paid, by the transfer and by what the expert owed us. */
export function payoutPaid(deps: Deps, payout: Payout, actor: string, transferId?: string): Decision {
  const sentMinor = payout.amountMinor - payout.nettedMinor;
  const ids = { testimonyId: payout.testimonyId, payoutId: payout.id };
  const facts = { ...ids, currency: payout.currency, amountMinor: payout.amountMinor, nettedMinor: payout.nettedMinor };
  const owner = { aggregateId: payout.testimonyId, subjectId: payout.id };
  return {
    name: "pay-payout",
    actor,
    data: { ...facts, transferId: transferId ?? null },
    rows: [
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "pay", payout.state, "stripe"),
        nettedMinor: payout.nettedMinor,
        reason: null,
        dueAt: null,
        ...(transferId === undefined ? {} : { transferId }),
      }),
      ...(transferId === undefined ? [] : [noteStripeObject(deps.db, transferId, owner)]),
      insertNotification(deps.db, {
        userId: payout.expertId,
        id: deps.newId(homeOf(payout.expertId)),
        type: "payout.paid",
        data: facts,
        createdAt: deps.nowMs(),
      }),
    ],
    postings: [
      ...move(sentMinor, payout.currency, {
        debit: "expert_payable",
        credit: "stripe_balance",
        ...(transferId === undefined ? {} : { reference: transferId }),
      }),
      ...move(payout.nettedMinor, payout.currency, { debit: "expert_payable", credit: "expert_receivable" }),
    ],
    events: [{ type: "payout.paid", data: { ...facts, expertId: payout.expertId } }],
  };
}
