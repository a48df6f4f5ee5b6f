import type { CheckoutState } from "./checkout";
import type { TestimonyState } from "./testimony";

/** The outcome of a payment page, in the words for the client who comes back from it. */
export const outcomeStates = ["open", "processing", "paid", "accepted", "returned", "expired"] as const;

/** The reasons for which a page, or its payment, did not accept its offer. */
export const outcomeReasons = [
  "other_offer_accepted",
  "paid_twice",
  "offer_withdrawn",
  "testimony_cancelled",
  "payment_returned",
  "refund",
  "refund_failed",
  "payment_failed",
] as const;

export interface Outcome {
  state: (typeof outcomeStates)[number];
  /** Null where there is none to name: an open page, an acceptance, or a page whose time was over. */
  reason: (typeof outcomeReasons)[number] | null;
  /** Seconds after which asking again may bring something new; null if this is the end. */
  pollAfterSeconds: number | null;
}

/** The facts about a page, its offer and its testimony. */
export interface OutcomeFacts {
  checkout: { state: CheckoutState; offerId: string; returnReason: "offer_unavailable" | "payment_returned" | null };
  offer: { withdrawnAt: number | null };
  testimony: { state: TestimonyState; acceptedOfferId: string | null };
}

/** Stripe's events settle a card's payment within seconds; a bank takes days. */
const [soonSeconds, laterSeconds] = [2, 3_600];

/**
 * Tells what became of a page. Money that is on its way back counts as `paid` until it has left us. A page that another
 * one has replaced, and one whose time was over, are `expired` without a reason.
 */
export function outcomeOf(facts: OutcomeFacts): Outcome {
  switch (facts.checkout.state) {
    case "claimed":
    case "open":
      return { state: "open", reason: null, pollAfterSeconds: soonSeconds };
    case "processing":
      return { state: "processing", reason: null, pollAfterSeconds: laterSeconds };
    case "accepted":
      return { state: "accepted", reason: null, pollAfterSeconds: null };
    case "returning":
      return { state: "paid", reason: returnedFor(facts), pollAfterSeconds: soonSeconds };
    case "return_failed":
      return { state: "paid", reason: "refund_failed", pollAfterSeconds: laterSeconds };
    case "returned":
      return { state: "returned", reason: returnedFor(facts), pollAfterSeconds: null };
    case "expired":
      return { state: "expired", reason: unavailableFor(facts), pollAfterSeconds: null };
    case "failed":
      return { state: "expired", reason: "payment_failed", pollAfterSeconds: null };
  }
}

/** Money without a reason of its own was given back by an operator, who took the acceptance back. */
function returnedFor(facts: OutcomeFacts): Outcome["reason"] {
  const { returnReason } = facts.checkout;
  if (returnReason === null) return "refund";
  return returnReason === "payment_returned" ? "payment_returned" : unavailableFor(facts);
}

function unavailableFor({ checkout, offer, testimony }: OutcomeFacts): Outcome["reason"] {
  const { acceptedOfferId } = testimony;
  if (acceptedOfferId !== null) return acceptedOfferId === checkout.offerId ? "paid_twice" : "other_offer_accepted";
  if (offer.withdrawnAt !== null) return "offer_withdrawn";
  return testimony.state === "cancelled" ? "testimony_cancelled" : null;
}
