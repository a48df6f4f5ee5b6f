import type { CheckoutInput } from "../../db/offers/tables";
import {
  type Checkout,
  insertOpenCheckout,
  loadTestimony,
  type Offer,
  type Testimony,
  type TestimonyAggregate,
} from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import type { Known } from "../../domain/known";
import { step } from "../../domain/machine";
import { formatDecimal, offersCurrency } from "../../domain/money";
import { chargeFor } from "../../domain/offers/commission";
import { testimonyMachine } from "../../domain/offers/testimony";
import { isOver } from "../../domain/offers/validity";
import { type Result, refuse, success } from "../../domain/result";
import { hourMs } from "../../domain/time";
import type { SessionOrder } from "../../stripe/checkout";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { type EffectOrder, openEffect, reserveCall } from "../effects";
import { openCheckout, reserveExpiry } from "./checkout-session";
import { expireCheckout } from "./expire-checkout";

interface CheckoutRequest extends Known<TestimonyAggregate> {
  testimonyId: string;
  offerId: string;
  userId: string;
  input: CheckoutInput;
}

/**
 * Life of a session: long enough to find a card, short enough that an abandoned page does not block for a day. Stripe
 * requires 30 minutes at least.
 */
const sessionLifeMs = hourMs;

/** A page that expires within this time is not returned again. */
const usefulLifeMs = 5 * 60 * 1000;

/**
 * Opens the hosted page for price + commission. The same input while the first page is open returns the same page;
 * changed input expires the first, so that there are never two payable sessions for one client and offer. None is opened
 * once the offer's time is over.
 */
export async function startCheckout(deps: Deps, command: CheckoutRequest): Promise<Result<{ url: string }>> {
  const loaded = command.known ?? (await loadTestimony(deps.db, command.testimonyId));
  const offer = loaded?.offers.find((one) => one.id === command.offerId);
  if (!loaded || !offer) return refuse("offer_unknown");
  if (loaded.testimony.clientId !== command.userId) return refuse("not_yours");
  if (!isPayable(loaded, offer)) return refuse("state_wrong");

  if (isGoingBack(loaded, offer)) return refuse("payment_in_progress");
  const live = payableFor(loaded, offer);
  // A page that was opened before the offer's time was over may still be paid, so it is left alone.
  const isLate = isOver(offer, deps.nowMs());
  if (!live) return isLate ? refuse("offer_expired") : create(deps, loaded, offer, command);

  const opened =
    live.state === "claimed"
      ? await openCheckout(deps, loaded, live, "client")
      : success({ aggregate: loaded, checkout: live });
  // Stripe refuses to make a page that was requested too long ago; a new one can be made.
  if (!opened.ok) return opened.refusal === "stripe_refused" ? startAfresh(deps, command) : opened;
  const { aggregate, checkout } = opened.value;
  if (checkout.state === "processing") return refuse("payment_in_progress");
  const pendingExpiry = expiryOf(aggregate, checkout);
  // A page with a pending expiry is not returned, not even for the input that it was made for.
  const mayReuse = !pendingExpiry && isUseful(deps, checkout, command.input, isLate ? 0 : usefulLifeMs);
  if (mayReuse && checkout.url !== null) return success({ url: checkout.url });
  if (isLate) return refuse("offer_expired");

  const expired = await endPage(deps, aggregate, checkout);
  if (!expired.ok && expired.refusal === "stripe_unavailable") return expired;
  // Stripe may know better: the page was paid, is being paid, has failed, or had expired by itself.
  return startAfresh(deps, command);
}

async function startAfresh(deps: Deps, command: CheckoutRequest): Promise<Result<{ url: string }>> {
  const fresh = await loadTestimony(deps.db, command.testimonyId);
  const offer = fresh?.offers.find((one) => one.id === command.offerId);
  if (!fresh || !offer || !isPayable(fresh, offer)) return refuse("state_wrong");
  if (isOver(offer, deps.nowMs())) return refuse("offer_expired");
  const isTaken = payableFor(fresh, offer) !== undefined || isGoingBack(fresh, offer);
  return isTaken ? refuse("payment_in_progress") : create(deps, fresh, offer, command);
}

/**
 * Tells whether an earlier payment for the offer is still with us, because its return is under way or has failed:
 * nobody may pay a second time for the offer.
 */
function isGoingBack({ checkouts }: TestimonyAggregate, offer: Offer): boolean {
  return checkouts.some(
    ({ offerId, state }) => offerId === offer.id && (state === "returning" || state === "return_failed"),
  );
}

function payableFor({ checkouts }: TestimonyAggregate, offer: Offer): Checkout | undefined {
  return checkouts.find((one) => one.payable === 1 && one.offerId === offer.id);
}

function isPayable({ testimony }: TestimonyAggregate, offer: Offer): boolean {
  const isOpen = offer.withdrawnAt === null;
  return isOpen && step(testimonyMachine, "start-checkout", testimony.state, "client") !== undefined;
}

function isUseful(deps: Deps, checkout: Checkout, input: CheckoutInput, leastMs: number): boolean {
  const isSame = JSON.stringify(checkout.input) === JSON.stringify(input);
  return isSame && checkout.expiresAt - deps.nowMs() > leastMs;
}

function expiryOf({ openEffects }: TestimonyAggregate, checkout: Checkout) {
  return openEffects.find((one) => one.kind === "expire-session" && one.subjectId === checkout.id);
}

/**
 * Expires a page at Stripe, whether that is pending already or not. Returns `done` if nobody can pay on it, and none
 * has.
 */
export async function endPage(deps: Deps, aggregate: TestimonyAggregate, checkout: Checkout): Promise<Result<null>> {
  const pending = expiryOf(aggregate, checkout);
  if (pending) return expireCheckout(deps, aggregate, checkout, pending);
  if (checkout.sessionId === null) return refuse("stripe_unavailable");
  const expiry = reserveExpiry(deps, checkout.testimonyId, checkout.id, checkout.sessionId);
  await appendChange(deps, aggregate, {
    name: "replace-checkout",
    actor: "client",
    data: { checkoutId: checkout.id },
    rows: [expiry.row],
  });
  const reloaded = await loadTestimony(deps.db, checkout.testimonyId);
  const effect = reloaded?.openEffects.find((one) => one.id === expiry.effectId);
  return reloaded && effect ? expireCheckout(deps, reloaded, checkout, effect) : refuse("stripe_unavailable");
}

async function create(
  deps: Deps,
  aggregate: TestimonyAggregate,
  offer: Offer,
  command: CheckoutRequest,
): Promise<Result<{ url: string }>> {
  const { userId, input } = command;
  const nowMs = deps.nowMs();
  const checkout: Checkout = {
    testimonyId: offer.testimonyId,
    id: deps.newId(bucketOf(offer.testimonyId)),
    offerId: offer.id,
    clientId: userId,
    state: "claimed",
    currency: offersCurrency,
    ...chargeFor(offer.priceMinor, offer.commissionBasisPoints),
    input,
    payable: 1,
    sessionId: null,
    url: null,
    expiresAt: nowMs + sessionLifeMs,
    paymentIntentId: null,
    chargeId: null,
    feeMinor: null,
    returnedMinor: 0,
    refundedMinor: 0,
    returnReason: null,
    dueAt: null,
    createdAt: nowMs,
  };
  const order: EffectOrder = {
    aggregateId: checkout.testimonyId,
    id: deps.newId(bucketOf(offer.testimonyId)),
    kind: "create-session",
    subjectId: checkout.id,
    params: orderFor(deps, aggregate.testimony, checkout),
  };
  const written = await appendChange(deps, aggregate, {
    name: "start-checkout",
    actor: "client",
    data: { checkoutId: checkout.id, offerId: offer.id, totalMinor: checkout.totalMinor },
    rows: [insertOpenCheckout(deps.db, checkout, deps.settings.openRows.checkouts), reserveCall(deps, order)],
  });
  const openEffects = [openEffect(deps, order)];
  const opened = await openCheckout(deps, { ...written, openEffects }, checkout, "client", true);
  if (!opened.ok) {
    const mayBeEmail = opened.refusal === "stripe_refused" && input.email !== undefined;
    // Stripe may not take an address that we take: nobody is kept from paying by it.
    return mayBeEmail ? startAfresh(deps, { ...command, input: withoutEmail(input) }) : opened;
  }
  const { url } = opened.value.checkout;
  return url === null ? refuse("payment_in_progress") : success({ url });
}

function withoutEmail({ email: _, ...input }: CheckoutInput): CheckoutInput {
  return input;
}

function orderFor(deps: Deps, testimony: Testimony, checkout: Checkout): SessionOrder {
  const { frontendUrl } = deps.settings;
  const rate = formatDecimal(checkout.commissionBasisPoints, 2).replace(/\.?0+$/, "");
  const work = {
    name: "Expert opinion",
    description: describe(testimony),
    amountMinor: checkout.priceMinor,
  };
  const commission = {
    name: `${deps.settings.merchantName} commission`,
    description: `${rate} % of the price`,
    amountMinor: checkout.commissionMinor,
  };
  return {
    checkoutId: checkout.id,
    testimonyId: checkout.testimonyId,
    offerId: checkout.offerId,
    clientId: checkout.clientId,
    currency: checkout.currency,
    ...(checkout.input.email === undefined ? {} : { customerEmail: checkout.input.email }),
    lines: checkout.commissionMinor > 0 ? [work, commission] : [work],
    successUrl: `${frontendUrl}/payment/success?sessionId={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${frontendUrl}/payment/cancel`,
    expiresAtSeconds: Math.floor(checkout.expiresAt / 1000),
  };
}

/** Describes the subject of the opinion in the client's words. */
function describe({ purpose, realEstate }: Testimony): string {
  const { type, address } = realEstate as { type?: string; address?: { city?: string } };
  return [type, address?.city, `for ${purpose}`].filter(Boolean).join(", ");
}
