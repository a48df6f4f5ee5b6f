import {
  type Checkout,
  insertPayout,
  type Offer,
  type TestimonyAggregate,
  updateOffer,
  updateTestimony,
} from "../../db/offers/testimonies";
import { notePaidPhone } from "../../db/offers/users";
import { bucketOf, isId } from "../../domain/id";
import { move, type PostingLine } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { checkoutMachine } from "../../domain/offers/checkout";
import { awaitedRelease } from "../../domain/offers/release";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import type { StripeOutcome } from "../../stripe/failure";
import { listRefunds } from "../../stripe/refunds";
import { listTransfers } from "../../stripe/transfers";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUp } from "../follow-ups";
import { lostTimeOf } from "../lost-time";
import {
  bookEarlierChanges,
  type PaidFacts,
  paidRows,
  paymentPostings,
  type Settling,
  settledEvents,
} from "./book-payment";
import { closeSessions } from "./checkout-session";
import { reserveRefund } from "./reserve-refund";
import { returnRest } from "./return-rest";

/** Accepts the offer that a payment won, once, with everything that follows in the same change. */
export async function winPayment(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  facts: PaidFacts,
  offer: Offer,
  /** Set if this payment has won before, and the row was lost. */
  before?: ForgottenAcceptance,
): Promise<Result<null>> {
  const { testimony } = aggregate;
  const nowMs = deps.nowMs();
  const payoutId = before?.payoutId ?? deps.newId(bucketOf(testimony.id));
  const closing = closeSessions(deps, aggregate, (other) => other.id !== checkout.id);
  const ids = { testimonyId: testimony.id, offerId: offer.id };
  await appendChange(deps, aggregate, {
    name: "accept-offer",
    actor,
    data: { ...ids, checkoutId: checkout.id, sessionId: facts.id, payoutId },
    rows: [
      updateTestimony(deps.db, testimony.id, {
        state: enter(testimonyMachine, "accept-offer", testimony.state, actor),
        acceptedOfferId: offer.id,
        expertId: offer.expertId,
        priceMinor: offer.priceMinor,
      }),
      updateOffer(deps.db, offer, { acceptedAt: nowMs }),
      ...paidRows(deps, checkout, facts, enter(checkoutMachine, "win", checkout.state, actor)),
      insertPayout(deps.db, {
        testimonyId: testimony.id,
        id: payoutId,
        checkoutId: checkout.id,
        expertId: offer.expertId,
        state: "due",
        currency: checkout.currency,
        amountMinor: checkout.priceMinor,
        nettedMinor: 0,
        reversedMinor: 0,
        ...awaitedRelease(deps.settings.payoutRelease, nowMs),
        dueAt: nowMs,
        createdAt: nowMs,
      }),
      ...closing.rows,
      // The phone of a checkout that was written again after a restore is lost.
      ...(checkout.input.phone ? [notePaidPhone(deps.db, checkout.input.phone, checkout.clientId)] : []),
    ],
    postings: [...paymentPostings(checkout, facts.charge), ...allocationPostings(checkout)],
    events: [
      ...settledEvents(checkout),
      {
        type: "offer.accepted",
        data: { ...ids, expertId: offer.expertId, ...amountsOf(checkout) },
        to: { client: checkout.clientId, expert: offer.expertId },
      },
    ],
    answer: done,
  });
  await bookEarlierChanges(deps, checkout, facts.charge);
  const pay: FollowUp = { name: "advance-payout", input: { testimonyId: testimony.id, payoutId } };
  await deps.enqueueCommands([pay, ...closing.next]);
  return done;
}

function amountsOf({ currency, priceMinor, commissionMinor, totalMinor }: Checkout) {
  return { currency, priceMinor, commissionMinor, totalMinor };
}

/**
 * Makes the postings of an acceptance: the client's money becomes the price, owed to the expert, and our commission.
 */
function allocationPostings(checkout: Checkout): PostingLine[] {
  return [
    ...move(checkout.priceMinor, checkout.currency, { debit: "client_payable", credit: "expert_payable" }),
    ...move(checkout.commissionMinor, checkout.currency, { debit: "client_payable", credit: "commission" }),
  ];
}

/** An acceptance that a payment won in the lost time, and whose row is lost. */
export interface ForgottenAcceptance {
  /** The payout for which a transfer was made; undefined if none was made. */
  payoutId: string | undefined;
}

/**
 * Finds the acceptance that a payment had won before its row was lost: a transfer to the expert, or a refund of a part,
 * shows it. The payment then wins again, with the same payout, however much of its money we have sent on since. Returns
 * undefined if it had won nothing, or if no time was lost.
 */
export async function forgottenAcceptance(
  deps: Deps,
  { payouts }: TestimonyAggregate,
  { testimonyId, offerId }: Checkout,
  { paymentIntentId, charge }: { paymentIntentId: string; charge: { id: string } },
): Promise<StripeOutcome<ForgottenAcceptance | undefined>> {
  if (!(await lostTimeOf(deps, testimonyId))) return { ok: true, value: undefined };
  const transfers = await listTransfers(deps.stripe, testimonyId);
  if (!transfers.ok) return transfers;
  const payoutId = transfers.value
    .filter((one) => one.chargeId === charge.id && one.offerId === offerId)
    .map((one) => one.payoutId)
    .find((id) => id !== undefined && isId(id) && bucketOf(id) === bucketOf(testimonyId));
  if (payoutId !== undefined && !payouts.some(({ id }) => id === payoutId)) return { ok: true, value: { payoutId } };
  const refunds = await listRefunds(deps.stripe, paymentIntentId);
  if (!refunds.ok) return refunds;
  const wasAccepted = refunds.value.some(({ ofAcceptance, status }) => ofAcceptance && status !== "failed");
  return { ok: true, value: wasAccepted ? { payoutId: undefined } : undefined };
}

/**
 * Returns a payment that cannot accept an offer to the client, in full and once. If Stripe has refunded or withholds a
 * part already, that is booked first, and only the rest is returned, as soon as no dispute is open.
 */
export async function losePayment(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  facts: PaidFacts,
  reason: "offer_unavailable" | "payment_returned",
  isWhole: boolean,
): Promise<Result<null>> {
  const refund = isWhole ? reserveRefund(deps, checkout, facts.paymentIntentId, reason) : undefined;
  const state = enter(checkoutMachine, "lose", checkout.state, actor);
  const more = { returnReason: reason, ...(isWhole ? {} : { dueAt: deps.nowMs() }) };
  await appendChange(deps, aggregate, {
    name: "return-payment",
    actor,
    data: {
      checkoutId: checkout.id,
      offerId: checkout.offerId,
      reason,
      ...(refund ? { refundId: refund.refundId } : { money: facts.charge.money }),
    },
    rows: [...paidRows(deps, checkout, facts, state, more), ...(refund?.rows ?? [])],
    postings: paymentPostings(checkout, facts.charge),
    events: [...settledEvents(checkout), ...(refund ? [refund.event] : [])],
  });
  await bookEarlierChanges(deps, checkout, facts.charge);
  if (refund) await deps.enqueueCommands([refund.command]);
  else await returnRest(deps, { testimonyId: checkout.testimonyId, checkoutId: checkout.id });
  return refuse(reason);
}
