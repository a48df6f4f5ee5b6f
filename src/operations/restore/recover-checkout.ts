import type { CheckoutInput } from "../../db/offers/tables";
import {
  type Checkout,
  insertCheckout,
  loadTestimony,
  type Offer,
  type TestimonyAggregate,
} from "../../db/offers/testimonies";
import { noteStripeObject } from "../../db/stripe-objects";
import { timeOf } from "../../domain/id";
import { offersCurrency } from "../../domain/money";
import { chargeFor } from "../../domain/offers/commission";
import { type Result, refuse, success } from "../../domain/result";
import { listSessionIds, retrieveSession, type SessionFacts } from "../../stripe/checkout";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps, Recovered } from "../follow-ups";
import { acceptOffer } from "../offers/accept-offer";
import { reserveExpiry } from "../offers/checkout-session";
import { returnOrphan } from "./return-orphan";

/**
 * Settles a checkout whose session was made or paid in the lost time. If its row exists, it is checked at Stripe. If
 * only its offer exists, the row is written again from the session and then settled like any other: the offer is
 * accepted, or the money is returned. If the offer is lost, the money is returned. Refuses `stripe_unavailable`.
 */
export async function recoverCheckout(
  deps: Deps,
  { testimonyId, checkoutId, paymentIntentId, operator, ...named }: FollowUps["recover-checkout"],
): Promise<Result<Recovered>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const known = aggregate?.checkouts.find(({ id }) => id === checkoutId);
  if (known) return settled(deps, { testimonyId, checkoutId }, "known");
  const sessionId = named.sessionId ?? (await sessionPaidBy(deps, paymentIntentId));
  if (typeof sessionId === "object") return sessionId;
  const asked = await retrieveSession(deps.stripe, sessionId);
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);
  const session = asked.value;
  const offer = aggregate?.offers.find(({ id }) => id === session.metadata.offer_id);
  if (!aggregate || !offer) return returnOrphan(deps, session, operator);
  await rebuild(deps, aggregate, offer, session, operator);
  return settled(deps, { testimonyId, checkoutId }, "rebuilt");
}

/**
 * Asks Stripe for the id of the session that a PaymentIntent paid, which may be older than the lost time. If there is
 * no id, returns the result of the whole command.
 */
async function sessionPaidBy(deps: Deps, paymentIntentId: string | null): Promise<string | Result<Recovered>> {
  const listed = await listSessionIds(deps.stripe, paymentIntentId ?? "");
  if (!listed.ok) return refuse("stripe_unavailable", listed.failure.message);
  return listed.value[0] ?? success("nobody");
}

/**
 * Settles the checkout. No client waits for this, so a refused acceptance is an outcome like any other; only a Stripe
 * that does not answer stops the recovery.
 */
async function settled(
  deps: Deps,
  ids: { testimonyId: string; checkoutId: string },
  outcome: Recovered,
): Promise<Result<Recovered>> {
  const result = await acceptOffer(deps, { ...ids, by: { actor: "clock" } });
  return result.ok || result.refusal !== "stripe_unavailable" ? success(outcome) : result;
}

/** Stands in the row for what the client had typed, which is lost. The client types it again for another page. */
const nothingTyped: CheckoutInput = {
  phone: "",
  firstName: "",
  lastName: "",
  billingAddress: { line1: "", line2: null, city: "", postalCode: "", country: "" },
  shippingAddress: { line1: "", line2: null, city: "", postalCode: "", country: "" },
  company: null,
};

/** Writes the lost row again, open and due at once. */
async function rebuild(
  deps: Deps,
  aggregate: TestimonyAggregate,
  offer: Offer,
  session: SessionFacts,
  operator: string,
): Promise<void> {
  const { testimony, checkouts } = aggregate;
  const { checkout_id: id = "", client_id: clientId = testimony.clientId } = session.metadata;
  const hasOther = checkouts.some((one) => one.payable === 1 && one.offerId === offer.id);
  const checkout: Checkout = {
    testimonyId: testimony.id,
    id,
    offerId: offer.id,
    clientId,
    state: "open",
    currency: offersCurrency,
    ...chargeFor(offer.priceMinor, offer.commissionBasisPoints),
    input: nothingTyped,
    payable: hasOther ? null : 1,
    sessionId: session.id,
    url: session.url,
    expiresAt: session.expiresAtMs,
    paymentIntentId: null,
    chargeId: null,
    feeMinor: null,
    returnedMinor: 0,
    refundedMinor: 0,
    returnReason: null,
    dueAt: deps.nowMs(),
    createdAt: timeOf(id),
  };
  // One client must never have two payable sessions for an offer, so this one is expired if there is another.
  const expiry = hasOther && session.status === "open" ? reserveExpiry(deps, testimony.id, id, session.id) : undefined;
  await appendChange(deps, aggregate, {
    name: "rebuild-checkout",
    actor: "operator",
    data: { operator, checkoutId: id, offerId: offer.id, sessionId: session.id },
    rows: [
      insertCheckout(deps.db, checkout),
      noteStripeObject(deps.db, session.id, { aggregateId: testimony.id, subjectId: id }),
      ...(expiry ? [expiry.row] : []),
    ],
  });
  await deps.enqueueCommands(expiry ? [expiry.command] : []);
}
