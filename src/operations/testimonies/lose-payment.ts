import { checkoutMachine } from "../../domain/checkout";
import { enter } from "../../domain/machine";
import { type Result, refuse } from "../../domain/result";
import { record } from "../change";
import type { Deps } from "../deps";
import { bookEarlierNews } from "./book-earlier-news";
import { claimRefund } from "./claim-refund";
import { paymentPostings } from "./payment-postings";
import { returnRest } from "./return-rest";
import { type PaidFacts, paidRows, type Settling, settledNews } from "./settling";

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
  const refund = isWhole ? claimRefund(deps, checkout, facts.paymentIntentId, reason) : undefined;
  const state = enter(checkoutMachine, "lose", checkout.state, actor);
  const more = { returnReason: reason, ...(isWhole ? {} : { dueAt: deps.nowMs() }) };
  await record(deps, aggregate, {
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
    events: [...settledNews(checkout), ...(refund ? [refund.news] : [])],
  });
  await bookEarlierNews(deps, checkout, facts.charge);
  if (refund) await deps.nudge([refund.command]);
  else await returnRest(deps, { testimonyId: checkout.testimonyId, checkoutId: checkout.id });
  return refuse(reason);
}
