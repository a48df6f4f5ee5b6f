import { type Statement, write } from "../../db/database";
import { type Checkout, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import { noteStripeObject } from "../../db/stripe-objects";
import { move, type PostingLine } from "../../domain/ledger";
import { nextPollAtMs } from "../../domain/offers/checkout";
import { retrieveSession, type SessionFacts } from "../../stripe/checkout";
import { listDisputes } from "../../stripe/disputes";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Payer } from "../follow-ups";
import type { NewEvent } from "../notify";
import { recordDispute } from "./record-dispute";
import { recordRefundAtStripe } from "./record-refund-at-stripe";

/** The checkout that is being settled, and the actor who requested it. The lock is held. */
export interface Settling {
  aggregate: TestimonyAggregate;
  checkout: Checkout;
  actor: Payer["actor"];
}

/** A paid session, with the charge that paid it. */
export type PaidFacts = SessionFacts & { charge: NonNullable<SessionFacts["charge"]>; paymentIntentId: string };

/** Tells whether everything is known that a paid session must have. */
export function isPaidInFull(facts: SessionFacts): facts is PaidFacts {
  return facts.charge !== null && facts.paymentIntentId !== null;
}

/** Makes the rows of a payment that has arrived, whatever follows from it. */
export function paidRows(
  deps: Deps,
  checkout: Checkout,
  facts: PaidFacts,
  state: Checkout["state"],
  more: Partial<Pick<Checkout, "returnReason" | "dueAt">> = {},
): Statement[] {
  const owner = { aggregateId: checkout.testimonyId, subjectId: checkout.id };
  const fee = facts.charge.fee;
  const feeMinor = fee?.currency === checkout.currency ? fee.minor : null;
  return [
    updateCheckout(deps.db, checkout, {
      state,
      payable: null,
      paymentIntentId: facts.paymentIntentId,
      chargeId: facts.charge.id,
      feeMinor,
      // Stripe may report the fee later, so the clock asks again.
      dueAt: fee === null ? nextPollAtMs(checkout, deps.nowMs()) : null,
      ...more,
    }),
    noteStripeObject(deps.db, facts.paymentIntentId, owner),
    noteStripeObject(deps.db, facts.charge.id, owner),
    ...(fee && fee.currency !== checkout.currency
      ? [raise(deps, checkout.testimonyId, wrongCurrency(checkout, fee.currency))]
      : []),
  ];
}

/**
 * Makes the reason for attention of a charge that settled in another currency than the offer's: nobody can be paid out
 * of it.
 */
function wrongCurrency({ id, totalMinor, currency }: Checkout, settledIn: string) {
  const note = `settled in ${settledIn}`;
  return {
    kind: "settlement_currency",
    aboutKind: "checkout",
    aboutId: id,
    amountMinor: totalMinor,
    currency,
    note,
  } as const;
}

/** Makes the event that a payment has settled, if its client knows it as processing. */
export function settledEvents(checkout: Checkout): NewEvent[] {
  return checkout.state === "processing" ? [delayedEvent("offer.payment_settled", checkout)] : [];
}

/** Makes an event of a payment by a delayed method. A card pays at once, and the events of what follows say so. */
export function delayedEvent(
  type: "offer.payment_processing" | "offer.payment_settled" | "offer.payment_refused",
  { testimonyId, id: checkoutId, offerId, clientId, currency, totalMinor: amountMinor }: Checkout,
): NewEvent {
  const data = { testimonyId, offerId, checkoutId, clientId, currency, amountMinor };
  return { type, data, to: { client: clientId } };
}

/** Makes the postings of a paid session: the client's money, and Stripe's fee of it. */
export function paymentPostings(checkout: Checkout, charge: NonNullable<SessionFacts["charge"]>): PostingLine[] {
  return [
    ...move(checkout.totalMinor, checkout.currency, {
      debit: "stripe_balance",
      credit: "client_payable",
      reference: charge.id,
    }),
    ...feePostings(checkout, charge),
  ];
}

/** Makes the postings of Stripe's fee for a charge, once it is known and in our currency. */
function feePostings(checkout: Checkout, charge: NonNullable<SessionFacts["charge"]>): PostingLine[] {
  if (charge.fee?.currency !== checkout.currency) return [];
  return move(charge.fee.minor, checkout.currency, {
    debit: "stripe_fees",
    credit: "stripe_balance",
    reference: charge.id,
  });
}

/** Posts a fee that Stripe had not reported when the payment was settled, and sends the payout that waited for it. */
export async function recordFee(deps: Deps, { aggregate, checkout, actor }: Settling): Promise<void> {
  const isWanted = checkout.feeMinor === null && checkout.dueAt !== null && actor !== "client";
  if (!isWanted || checkout.sessionId === null) return;
  const asked = await retrieveSession(deps.stripe, checkout.sessionId);
  const charge = asked.ok ? asked.value.charge : null;
  if (!charge?.fee) {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: nextPollAtMs(checkout, deps.nowMs()) })]);
    return;
  }
  const isOurs = charge.fee.currency === checkout.currency;
  await appendChange(deps, aggregate, {
    name: "record-fee",
    actor,
    data: { checkoutId: checkout.id, feeMinor: charge.fee.minor },
    rows: [
      updateCheckout(deps.db, checkout, { feeMinor: isOurs ? charge.fee.minor : null, dueAt: null }),
      ...(isOurs ? [] : [raise(deps, checkout.testimonyId, wrongCurrency(checkout, charge.fee.currency))]),
    ],
    postings: feePostings(checkout, charge),
  });
  const waiting = aggregate.payouts.filter((one) => one.checkoutId === checkout.id && one.state === "due");
  await deps.enqueueCommands(
    waiting.map(({ testimonyId, id: payoutId }) => ({ name: "advance-payout", input: { testimonyId, payoutId } })),
  );
}

/**
 * Books what happened to a charge before its payment was settled: disputes and out-of-band refunds. If Stripe does not
 * answer at this moment, the payment is settled all the same, and Stripe's events report it again.
 */
export async function bookEarlierChanges(
  deps: Deps,
  { testimonyId, id: checkoutId }: Checkout,
  charge: NonNullable<SessionFacts["charge"]>,
): Promise<void> {
  const { reservation: _, ...withoutReservation } = deps; // the request's answer is not written by this
  if (charge.disputed) {
    const listed = await listDisputes(deps.stripe, charge.id);
    if (!listed.ok) deps.log.warn("disputes_not_listed", { chargeId: charge.id, failure: listed.failure.kind });
    for (const { id: disputeId } of listed.ok ? listed.value : []) {
      await recordDispute(withoutReservation, { testimonyId, disputeId });
    }
  }
  if (charge.money.refundedPastUsMinor > 0) await recordRefundAtStripe(withoutReservation, { testimonyId, checkoutId });
}
