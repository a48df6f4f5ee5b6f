import { type Checkout, insertPayout, type Offer, updateOffer, updateTestimony } from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import { enter } from "../../domain/machine";
import { checkoutMachine } from "../../domain/offers/checkout";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result } from "../../domain/result";
import { appendChange } from "../change";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import { bookEarlierChanges } from "./book-earlier-changes";
import { closeSessions } from "./close-sessions";
import type { ForgottenAcceptance } from "./forgotten-acceptance";
import { allocationPostings, paymentPostings } from "./payment-postings";
import { type PaidFacts, paidRows, type Settling, settledEvents } from "./settling";

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
        dueAt: nowMs,
        createdAt: nowMs,
      }),
      ...closing.rows,
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
  const pay: Command = { name: "advance-payout", input: { testimonyId: testimony.id, payoutId } };
  await deps.enqueueCommands([pay, ...closing.next]);
  return done;
}

function amountsOf({ currency, priceMinor, commissionMinor, totalMinor }: Checkout) {
  return { currency, priceMinor, commissionMinor, totalMinor };
}
