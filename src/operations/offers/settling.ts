import type { Statement } from "../../db/database";
import { type Checkout, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import { noteStripeObject } from "../../db/stripe-objects";
import type { SessionFacts } from "../../stripe/checkout";
import { raise } from "../attention";
import type { Payer } from "../commands";
import type { Deps } from "../deps";
import type { NewEvent } from "../notify";
import { nextPollAtMs } from "./next-poll";

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

/**
 * Makes the reason for attention of a charge that settled in another currency than the offer's: nobody can be paid out
 * of it.
 */
export function wrongCurrency({ id, totalMinor, currency }: Checkout, settledIn: string) {
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

/** Makes an event of a payment by a delayed method. A card pays at once, and the events of what follows say so. */
export function delayedEvents(
  type: "offer.payment_processing" | "offer.payment_settled" | "offer.payment_refused",
  { testimonyId, id: checkoutId, offerId, clientId, currency, totalMinor: amountMinor }: Checkout,
): NewEvent {
  const data = { testimonyId, offerId, checkoutId, clientId, currency, amountMinor };
  return { type, data, to: { client: clientId } };
}

/** Makes the event that a payment has settled, if its client knows it as processing. */
export function settledEvents(checkout: Checkout): NewEvent[] {
  return checkout.state === "processing" ? [delayedEvents("offer.payment_settled", checkout)] : [];
}
