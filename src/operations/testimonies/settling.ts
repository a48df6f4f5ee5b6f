import type { Statement } from "../../db/database";
import { noteStripeObject } from "../../db/stripe-objects";
import { type Checkout, type TestimonyAggregate, updateCheckout } from "../../db/testimonies";
import type { SessionFacts } from "../../stripe/checkout";
import { raise } from "../attention";
import type { News } from "../change";
import type { Payer } from "../commands";
import type { Deps } from "../deps";
import { nextLookAtMs } from "./look-again";

/** What is being settled, and who asked. The lock is held. */
export interface Settling {
  aggregate: TestimonyAggregate;
  checkout: Checkout;
  actor: Payer["actor"];
}

/** A session that was paid, with the charge that paid it. */
export type PaidFacts = SessionFacts & { charge: NonNullable<SessionFacts["charge"]>; paymentIntentId: string };

/** Whether everything is known that a paid session must have. */
export function isPaidInFull(facts: SessionFacts): facts is PaidFacts {
  return facts.charge !== null && facts.paymentIntentId !== null;
}

/** The platform must settle in the offer's currency, or nobody can be paid out of it. */
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

/** The rows of a payment that has come, whatever becomes of it. */
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
      // Stripe may name the fee later: then the clock asks again.
      dueAt: fee === null ? nextLookAtMs(checkout, deps.nowMs()) : null,
      ...more,
    }),
    noteStripeObject(deps.db, facts.paymentIntentId, owner),
    noteStripeObject(deps.db, facts.charge.id, owner),
    ...(fee && fee.currency !== checkout.currency
      ? [raise(deps, checkout.testimonyId, wrongCurrency(checkout, fee.currency))]
      : []),
  ];
}

/** What is told of a payment by a method that takes days. A card pays in one moment, and what follows from it tells so. */
export function delayedNews(
  type: "offer.payment_processing" | "offer.payment_settled" | "offer.payment_refused",
  { testimonyId, id: checkoutId, offerId, clientId, currency, totalMinor: amountMinor }: Checkout,
): News {
  const data = { testimonyId, offerId, checkoutId, clientId, currency, amountMinor };
  return { type, data, to: { client: clientId } };
}

/** The end of a payment that its client knows to be processing. */
export function settledNews(checkout: Checkout): News[] {
  return checkout.state === "processing" ? [delayedNews("offer.payment_settled", checkout)] : [];
}
