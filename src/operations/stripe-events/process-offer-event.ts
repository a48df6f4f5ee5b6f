import { loadTestimony } from "../../db/offers/testimonies";
import type { StoredEvent } from "../../db/stripe-events";
import { selectOwners } from "../../db/stripe-objects";
import { isId } from "../../domain/id";
import { retrievePaymentMetadata } from "../../stripe/payments";
import type { Deps } from "../deps";
import { lostTimeOf } from "../lost-time";
import { type EventObject, idOf, objectOf } from "./event-object";
import { performForEvent } from "./perform-for-event";

/** The testimony, and the row of it, that an object at Stripe belongs to. */
interface Owner {
  aggregateId: string;
  subjectId: string;
}

/**
 * Processes events about the platform's own money: sessions, disputes, transfers and refunds of offers. Returns the
 * testimony's id; undefined if the event is about none of ours.
 */
export async function processOfferEvent(deps: Deps, event: StoredEvent): Promise<string | undefined> {
  const { type } = event;
  const object = objectOf(event);
  const owner = await ownersOf(deps, object);
  if (type.startsWith("checkout.session."))
    return owner.ofObject ? settle(deps, owner.ofObject) : settleBound(deps, object);
  if (type === "charge.updated") return settle(deps, owner.ofPayment);
  if (type.startsWith("charge.dispute.")) {
    return recordDispute(deps, owner.ofCharge ?? (await settleFirst(deps, object)), object.id);
  }
  if (type.startsWith("transfer.")) {
    return recordReversal(deps, owner.ofObject ?? (await refuseUnanswered(deps, object)));
  }
  if (type === "charge.refunded" || type.startsWith("refund.") || type === "charge.refund.updated") {
    return recordRefund(deps, owner.ofPayment ?? (await settleFirst(deps, object)), owner.ofObject);
  }
  return undefined;
}

async function ownersOf(deps: Deps, { id, payment_intent, charge }: EventObject) {
  const [paymentId, chargeId] = [idOf(payment_intent), idOf(charge)];
  const ids = [id, paymentId, chargeId].filter((one) => one !== undefined);
  const [owners] = await deps.db.batch([selectOwners(deps.db, ids)]);
  const owner = (stripeId: string | undefined): Owner | undefined => owners.find((one) => one.stripeId === stripeId);
  return { ofObject: owner(id), ofPayment: owner(paymentId), ofCharge: owner(chargeId) };
}

async function settle(deps: Deps, checkout: Owner | undefined): Promise<string | undefined> {
  if (!checkout) return undefined;
  const { aggregateId: testimonyId, subjectId: checkoutId } = checkout;
  await performForEvent(deps, { name: "accept-offer", input: { testimonyId, checkoutId, by: { actor: "stripe" } } });
  return testimonyId;
}

/**
 * Settles the checkout that a session names. If a restore of the database has lost it, it is recovered: a method that takes
 * days may pay long after the search for such sessions has ended.
 */
async function settleBound(deps: Deps, object: EventObject): Promise<string | undefined> {
  const checkout = boundTo(object);
  if (!checkout || !(await lostTimeOf(deps, checkout.subjectId))) return settle(deps, checkout);
  const { aggregateId: testimonyId, subjectId: checkoutId } = checkout;
  const input = { testimonyId, checkoutId, sessionId: object.id, paymentIntentId: null, operator: "stripe" };
  const outcome = await performForEvent(deps, { name: "recover-checkout", input });
  // Nobody searches any more, so the event itself must come again.
  if (outcome === "open") throw new Error(`recover-checkout: ${object.id} is open`);
  return testimonyId;
}

async function recordDispute(deps: Deps, checkout: Owner | undefined, disputeId: string): Promise<string | undefined> {
  if (!checkout) return undefined;
  const { aggregateId: testimonyId } = checkout;
  await performForEvent(deps, { name: "record-dispute", input: { testimonyId, disputeId } });
  return testimonyId;
}

async function recordReversal(deps: Deps, payout: Owner | undefined): Promise<string | undefined> {
  if (!payout) return undefined;
  const { aggregateId: testimonyId, subjectId: payoutId } = payout;
  await performForEvent(deps, { name: "record-reversal", input: { testimonyId, payoutId } });
  return testimonyId;
}

/** Checks a refund that we requested, then records the out-of-band refunds. */
async function recordRefund(
  deps: Deps,
  checkout: Owner | undefined,
  refund: Owner | undefined,
): Promise<string | undefined> {
  if (!checkout) return undefined;
  const { aggregateId: testimonyId, subjectId: checkoutId } = checkout;
  if (refund && refund.subjectId !== checkoutId) {
    const input = { testimonyId: refund.aggregateId, refundId: refund.subjectId };
    await performForEvent(deps, { name: "check-refund", input });
  }
  await performForEvent(deps, { name: "record-refund-at-stripe", input: { testimonyId, checkoutId } });
  return testimonyId;
}

/**
 * Settles the payment before what follows from it. An event about a payment may overtake the payment's own event, which
 * may also be lost; then the ids bound to the payment name the checkout, because later steps need its charge in our
 * ledger.
 */
async function settleFirst(deps: Deps, object: EventObject): Promise<Owner | undefined> {
  const paymentIntentId = idOf(object.payment_intent);
  if (paymentIntentId === undefined) return undefined;
  const asked = await retrievePaymentMetadata(deps.stripe, paymentIntentId);
  if (!asked.ok && asked.failure.meaning === "refused") return undefined;
  if (!asked.ok) throw new Error(`payment of ${object.id}: ${asked.failure.kind}`);
  const checkout = boundTo({ id: paymentIntentId, metadata: asked.value });
  await settle(deps, checkout);
  return checkout;
}

/**
 * Throws while a transfer's creation is unanswered: it is not in the directory yet, and its events wait until it is.
 */
async function refuseUnanswered(deps: Deps, { id, metadata }: EventObject): Promise<undefined> {
  const { testimony_id: testimonyId, payout_id: payoutId } = metadata ?? {};
  const aggregate = testimonyId && isId(testimonyId) ? await loadTestimony(deps.db, testimonyId) : undefined;
  const isOpen = aggregate?.openEffects.some((one) => one.kind === "create-transfer" && one.subjectId === payoutId);
  if (isOpen) throw new Error(`${id} is not answered yet`);
}

/**
 * Returns the checkout that the ids bound to a session name, for a session whose creation was never answered and that
 * is not in the directory yet. The ids only choose the row to check; the operation trusts nothing but our rows and
 * Stripe's own answer.
 */
function boundTo({ metadata }: EventObject): Owner | undefined {
  const aggregateId = metadata?.testimony_id;
  const subjectId = metadata?.checkout_id;
  return aggregateId && subjectId && isId(aggregateId) && isId(subjectId) ? { aggregateId, subjectId } : undefined;
}
