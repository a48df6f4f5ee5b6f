import { checkoutMachine } from "../../domain/checkout";
import { enter } from "../../domain/machine";
import { type Result, refuse } from "../../domain/result";
import { record } from "../change";
import type { Deps } from "../deps";
import { bookEarlierNews } from "./book-earlier-news";
import { claimRefund } from "./claim-refund";
import { paymentPostings } from "./payment-postings";
import { type PaidFacts, paidRows, type Settling } from "./settling";

/** The money came for an offer that can no longer be accepted: it goes back, in full, once (decisions O3). */
export async function losePayment(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  facts: PaidFacts,
): Promise<Result<null>> {
  const refund = claimRefund(deps, checkout, facts.paymentIntentId, "offer_unavailable");
  await record(deps, aggregate, {
    name: "return-payment",
    actor,
    data: { checkoutId: checkout.id, offerId: checkout.offerId, refundId: refund.refundId },
    rows: [...paidRows(deps, checkout, facts, enter(checkoutMachine, "lose", checkout.state, actor)), ...refund.rows],
    postings: paymentPostings(checkout, facts.charge),
  });
  await bookEarlierNews(deps, checkout, facts.charge);
  await deps.nudge([refund.command]);
  return refuse("offer_unavailable");
}
