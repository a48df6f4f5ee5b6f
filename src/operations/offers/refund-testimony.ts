import {
  type Checkout,
  loadTestimony,
  type Payout,
  type TestimonyAggregate,
  updateCheckout,
  updatePayout,
  updateTestimony,
} from "../../db/offers/testimonies";
import { enter, step } from "../../domain/machine";
import { checkoutMachine } from "../../domain/offers/checkout";
import { payoutMachine } from "../../domain/offers/payout";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { byOperator, clear } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { requestKeyAtStripe } from "../of-request";
import { advancePayout } from "./advance-payout";
import { refundAskedBefore } from "./forgotten-refunds";
import { readCharge } from "./read-charge";
import { refundPart, returnPostings } from "./refund-part";
import { type AskedRefund, reserveRefund } from "./reserve-refund";
import { reservedMinor, reserveReversal } from "./reserve-reversal";

/** Everything is refunded, or a part in minor units. */
interface RefundRequest {
  testimonyId: string;
  operator: string;
  reason: string;
  amountMinor?: number | undefined;
  /** The sum that was refunded when this was decided: if it has changed, this is refused. */
  seenMinor?: number | undefined;
  /** The id of a refund that exists at Stripe and has lost its row: it is resumed, and no other is made. */
  forgottenRefundId?: string;
}

/**
 * Takes an acceptance back: the payout is cancelled or its transfer reversed, the client is refunded in full, the
 * testimony is cancelled. With an amount that leaves something, a part is refunded and the acceptance remains valid.
 * Every step is a row in the database, so an interrupted refund continues where it stopped. When it is requested again
 * after a return has failed, it tries the return again.
 */
export async function refundTestimony(
  deps: Deps,
  { testimonyId, operator, reason, amountMinor, seenMinor, forgottenRefundId }: RefundRequest,
): Promise<Result<null>> {
  let aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const before = await refundAskedBefore(deps, aggregate);
  if (!before.ok) return refuse("stripe_unavailable", before.failure.message);
  if (before.value?.isKnown) return done;
  const asked: AskedRefund = {
    requestKey: await requestKeyAtStripe(deps),
    refundId: forgottenRefundId ?? before.value?.refund.refundId,
  };
  const failed = aggregate.checkouts.find((one) => one.state === "return_failed");
  if (failed && amountMinor === undefined) return returnAgain(deps, aggregate, failed, operator, reason);
  if (!step(testimonyMachine, "refund-testimony", aggregate.testimony.state, "operator")) return refuse("state_wrong");

  // The outcome of a pending transfer decides first whether there is something to reverse.
  const sending = aggregate.payouts.find((one) => one.state === "sending");
  if (sending && deps.rehearsal) return refuse("stripe_unavailable");
  if (sending) {
    const { reservation: _, ...withoutReservation } = deps;
    const settled = await advancePayout(withoutReservation, { testimonyId, payoutId: sending.id });
    if (!settled.ok) return settled;
    aggregate = await loadTestimony(deps.db, testimonyId);
    if (!aggregate) return refuse("testimony_unknown");
  }
  const checkout = aggregate.checkouts.find((one) => one.state === "accepted");
  const payout = aggregate.payouts.find((one) => one.checkoutId === checkout?.id);
  if (!checkout?.paymentIntentId || !payout) return refuse("state_wrong");
  if ((seenMinor ?? checkout.refundedMinor) !== checkout.refundedMinor) return refuse("refunded_since");
  const by = { operator, reason, asked };
  if (amountMinor === undefined) return refundWhole(deps, aggregate, checkout, payout, by);

  const read = await readCharge(deps, aggregate, checkout, asked.refundId);
  if (!read.ok) return refuse("stripe_unavailable", read.failure.message);
  const { refundedPastUsMinor, openMinor, lostMinor } = read.value.money;
  const leftMinor = checkout.totalMinor - checkout.refundedMinor - refundedPastUsMinor - openMinor - lostMinor;
  if (amountMinor > leftMinor) return refuse("amount_exceeds_refundable");
  return amountMinor === leftMinor
    ? refundWhole(deps, aggregate, checkout, payout, by)
    : refundPart(deps, aggregate, checkout, payout, { ...by, amountMinor });
}

async function refundWhole(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  payout: Payout,
  { operator, reason, asked }: { operator: string; reason: string; asked: AskedRefund },
): Promise<Result<null>> {
  const { testimony } = aggregate;
  const testimonyId = testimony.id;
  const backMinor = payout.sentMinor - payout.reversedMinor - reservedMinor(aggregate, payout);
  const reversal = backMinor > 0 ? reserveReversal(deps, payout, backMinor, true, asked) : undefined;
  // The refund follows the reversal; a rehearsal says so.
  const refund =
    reversal && !deps.rehearsal
      ? undefined
      : reserveRefund(deps, checkout, checkout.paymentIntentId ?? "", reason, undefined, asked);
  const unsent = payout.state === "paid" ? "finish-reversal" : "cancel";
  const state = enter(payoutMachine, reversal ? "reverse" : unsent, payout.state, "operator");
  // The expert is owed nothing of it any more. Until the reversal's outcome is known, what the expert has is a
  // receivable.
  const after: Payout = { ...payout, state, loweredMinor: payout.amountMinor };
  await appendChange(deps, aggregate, {
    name: "refund-testimony",
    actor: "operator",
    data: { operator, reason, checkoutId: checkout.id, payoutId: payout.id },
    rows: [
      updateTestimony(deps.db, testimonyId, {
        state: enter(testimonyMachine, "refund-testimony", testimony.state, "operator"),
        cancellationReason: reason,
      }),
      clear(deps, testimonyId, byOperator(operator), endedByRefund, { note: reason }),
      updateCheckout(deps.db, checkout, { state: enter(checkoutMachine, "refund", checkout.state, "operator") }),
      // An unsent payout is never sent, and what it had reserved for the expert's debt is released.
      updatePayout(deps.db, payout, {
        state,
        loweredMinor: after.loweredMinor,
        holds: [],
        dueAt: reversal ? null : deps.nowMs(),
      }),
      ...(reversal ? [reversal.row] : []),
      ...(refund?.rows ?? []),
    ],
    postings: await returnPostings(deps, checkout, payout, after, checkout.totalMinor - checkout.returnedMinor),
    events: [
      {
        type: "testimony.refunded",
        data: { testimonyId, offerId: checkout.offerId, reason },
        to: { client: checkout.clientId, expert: payout.expertId },
      },
      ...(refund ? [refund.event] : []),
    ],
    answer: done,
  });
  await deps.enqueueCommands([...(reversal ? [reversal.command] : []), ...(refund ? [refund.command] : [])]);
  return done;
}

/** The reasons for attention that a refund closes. An open dispute is not among them: the bank ends it. */
const endedByRefund = [
  "payout_failed",
  "payout_held",
  "dispute_lost",
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
  const refund = reserveRefund(deps, checkout, checkout.paymentIntentId, reason);
  await appendChange(deps, aggregate, {
    name: "refund-again",
    actor: "operator",
    data: { operator, reason, checkoutId: checkout.id, refundId: refund.refundId },
    rows: [
      updateCheckout(deps.db, checkout, { state: enter(checkoutMachine, "refund", checkout.state, "operator") }),
      ...refund.rows,
    ],
    events: [refund.event],
    answer: done,
  });
  await deps.enqueueCommands([refund.command]);
  return done;
}
