import {
  type Checkout,
  loadTestimony,
  type Payout,
  type TestimonyAggregate,
  updateCheckout,
  updatePayout,
  updateTestimony,
} from "../../db/testimonies";
import { checkoutMachine } from "../../domain/checkout";
import { homeOf } from "../../domain/id";
import { move, type PostingLine } from "../../domain/ledger";
import { enter, step } from "../../domain/machine";
import { payoutMachine } from "../../domain/payout";
import { done, type Result, refuse } from "../../domain/result";
import { testimonyMachine } from "../../domain/testimony";
import { byOperator, clear } from "../attention";
import { record } from "../change";
import type { Command, Input } from "../commands";
import type { Deps } from "../deps";
import { claim } from "../effects";
import { advancePayout } from "./advance-payout";
import { claimRefund } from "./claim-refund";

/**
 * Takes an acceptance back (decisions O10): the payout is cancelled or its transfer reversed, the client gets everything
 * back, the testimony is cancelled. Every step is a claimed row, so it goes on where it stopped. Asked again while a
 * return has failed, it tries the return again.
 */
export async function refundTestimony(
  deps: Deps,
  { testimonyId, operator, reason }: Input<"refund-testimony">,
): Promise<Result<null>> {
  let aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const failed = aggregate.checkouts.find((one) => one.state === "return_failed");
  if (failed) return returnAgain(deps, aggregate, failed, operator, reason);
  if (!step(testimonyMachine, "refund-testimony", aggregate.testimony.state, "operator")) return refuse("state_wrong");

  // A transfer whose outcome is open decides first whether there is something to take back.
  const sending = aggregate.payouts.find((one) => one.state === "sending");
  if (sending) {
    const { claim: _, ...withoutClaim } = deps;
    const settled = await advancePayout(withoutClaim, { testimonyId, payoutId: sending.id });
    if (!settled.ok) return settled;
    aggregate = await loadTestimony(deps.db, testimonyId);
    if (!aggregate) return refuse("testimony_unknown");
  }
  const { testimony } = aggregate;
  const checkout = aggregate.checkouts.find((one) => one.state === "accepted");
  const payout = aggregate.payouts.find((one) => one.checkoutId === checkout?.id);
  if (!checkout?.paymentIntentId || !payout) return refuse("state_wrong");

  const recovery = payout.state === "paid" ? reverse(deps, payout) : cancel(deps, payout);
  const refund = payout.state === "paid" ? undefined : claimRefund(deps, checkout, checkout.paymentIntentId, reason);
  await record(deps, aggregate, {
    name: "refund-testimony",
    actor: "operator",
    data: { operator, reason, checkoutId: checkout.id, payoutId: payout.id },
    rows: [
      updateTestimony(deps.db, testimony.id, {
        state: enter(testimonyMachine, "refund-testimony", testimony.state, "operator"),
        cancellationReason: reason,
      }),
      clear(deps, testimony.id, byOperator(operator), endedByRefund, { note: reason }),
      updateCheckout(deps.db, checkout, { state: enter(checkoutMachine, "refund", checkout.state, "operator") }),
      ...recovery.rows,
      ...(refund?.rows ?? []),
    ],
    postings: [
      ...recovery.postings,
      ...move(checkout.commissionMinor, checkout.currency, { debit: "commission", credit: "client_payable" }),
    ],
    events: [{ type: "testimony.refunded", data: { testimonyId, offerId: checkout.offerId, reason } }],
    answer: done,
  });
  await deps.nudge([...recovery.next, ...(refund ? [refund.command] : [])]);
  return done;
}

type Recovery = {
  rows: ReturnType<typeof updatePayout>[];
  postings: PostingLine[];
  next: Command[];
};

/** Not sent: it never will be. What it had reserved for the expert's debt is released. */
function cancel(deps: Deps, payout: Payout): Recovery {
  return {
    rows: [
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "cancel", payout.state, "operator"),
        dueAt: deps.nowMs(),
      }),
    ],
    postings: move(payout.amountMinor, payout.currency, { debit: "expert_payable", credit: "client_payable" }),
    next: [],
  };
}

/**
 * Sent: the transfer is reversed first, then the client is refunded. Until the reversal is known the price is a
 * receivable from the expert; what an outside reversal already brought back was payable again, and pays for itself.
 */
function reverse(deps: Deps, payout: Payout): Recovery {
  const { testimonyId } = payout;
  const effectId = deps.newId(homeOf(testimonyId));
  const backMinor = payout.reversedMinor;
  const effect = {
    aggregateId: testimonyId,
    id: effectId,
    kind: "reverse-transfer",
    subjectId: payout.id,
    params: {
      transferId: payout.transferId,
      amountMinor: payout.amountMinor - payout.nettedMinor - backMinor,
      payoutId: payout.id,
    },
  };
  return {
    rows: [
      updatePayout(deps.db, payout, { state: enter(payoutMachine, "reverse", payout.state, "operator"), dueAt: null }),
      claim(deps, effect),
    ],
    postings: [
      ...move(payout.amountMinor - backMinor, payout.currency, {
        debit: "expert_receivable",
        credit: "client_payable",
      }),
      ...move(backMinor, payout.currency, { debit: "expert_payable", credit: "client_payable" }),
    ],
    next: [{ name: "resume-effect", input: { root: "testimony", aggregateId: testimonyId, effectId } }],
  };
}

/** A refund answers whatever called for the operator, but not a dispute: that is the bank's to end. */
const endedByRefund = [
  "payout_failed",
  "payout_held",
  "settlement_currency",
  "refunded_at_stripe",
  "transfer_reversed_at_stripe",
] as const;

async function returnAgain(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  operator: string,
  reason: string,
): Promise<Result<null>> {
  if (checkout.paymentIntentId === null) return refuse("state_wrong");
  const refund = claimRefund(deps, checkout, checkout.paymentIntentId, reason);
  await record(deps, aggregate, {
    name: "refund-again",
    actor: "operator",
    data: { operator, reason, checkoutId: checkout.id, refundId: refund.refundId },
    rows: [
      updateCheckout(deps.db, checkout, { state: enter(checkoutMachine, "refund", checkout.state, "operator") }),
      ...refund.rows,
    ],
    answer: done,
  });
  await deps.nudge([refund.command]);
  return done;
}
