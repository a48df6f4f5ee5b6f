import { enter } from "../../domain/machine";
import { checkoutMachine } from "../../domain/offers/checkout";
import { type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { bookEarlierChanges } from "./book-earlier-changes";
import { paymentPostings } from "./payment-postings";
import { reserveRefund } from "./reserve-refund";
import { returnRest } from "./return-rest";
import { type PaidFacts, paidRows, type Settling, settledEvents } from "./settling";

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
    events: [...settledEvents(checkout), ...(refund ? [refund.news] : [])],
  });
  await bookEarlierChanges(deps, checkout, facts.charge);
  if (refund) await deps.enqueueCommands([refund.command]);
  else await returnRest(deps, { testimonyId: checkout.testimonyId, checkoutId: checkout.id });
  return refuse(reason);
}
