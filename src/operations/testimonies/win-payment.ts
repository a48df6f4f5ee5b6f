import { type Checkout, insertPayout, type Offer, updateOffer, updateTestimony } from "../../db/testimonies";
import { checkoutMachine } from "../../domain/checkout";
import { homeOf } from "../../domain/id";
import { enter } from "../../domain/machine";
import { done, type Result } from "../../domain/result";
import { testimonyMachine } from "../../domain/testimony";
import { record } from "../change";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import type { ForgottenAcceptance } from "../restore/forgotten-acceptance";
import { bookEarlierNews } from "./book-earlier-news";
import { closeSessions } from "./close-sessions";
import { allocationPostings, paymentPostings } from "./payment-postings";
import { type PaidFacts, paidRows, type Settling, settledNews } from "./settling";

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
  const payoutId = before?.payoutId ?? deps.newId(homeOf(testimony.id));
  const closing = closeSessions(deps, aggregate, (other) => other.id !== checkout.id);
  const ids = { testimonyId: testimony.id, offerId: offer.id };
  await record(deps, aggregate, {
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
        dueAt: nowMs,
        createdAt: nowMs,
      }),
      ...closing.rows,
    ],
    postings: [...paymentPostings(checkout, facts.charge), ...allocationPostings(checkout)],
    events: [
      ...settledNews(checkout),
      {
        type: "offer.accepted",
        data: { ...ids, expertId: offer.expertId, ...amountsOf(checkout) },
        to: { client: checkout.clientId, expert: offer.expertId },
      },
    ],
    answer: done,
  });
  await bookEarlierNews(deps, checkout, facts.charge);
  const pay: Command = { name: "advance-payout", input: { testimonyId: testimony.id, payoutId } };
  await deps.nudge([pay, ...closing.next]);
  return done;
}

function amountsOf({ currency, priceMinor, commissionMinor, totalMinor }: Checkout) {
  return { currency, priceMinor, commissionMinor, totalMinor };
}
