import type { Statement } from "../../db/database";
import { addRefunded, type Checkout, insertRefund, type Refund } from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import { returnCause } from "../../domain/offers/checkout";
import type { Deps } from "../deps";
import { reserveCall } from "../effects";
import type { FollowUp } from "../follow-ups";
import type { NewEvent } from "../notify";

/**
 * Tells whether the rest of a checkout is to be refunded after a payout's reversal. A return that has failed is left to
 * the operator, who may have paid the client in another way by now.
 */
export function isToBeReturned({ state, refundedMinor, totalMinor }: Checkout): boolean {
  return state === "returning" && refundedMinor < totalMinor;
}

/**
 * The request that asked for a refund, and the id that the refund had if it was requested before and its row was lost.
 */
export interface AskedRefund {
  requestKey?: string | undefined;
  refundId?: string | undefined;
}

/**
 * Tells whether the money belonged to an acceptance: a payment that has won nothing is returned for a reason of its
 * own.
 */
function isOfAcceptance({ state, returnReason }: Checkout): boolean {
  return state === "accepted" || ((state === "returning" || state === "return_failed") && returnReason === null);
}

/**
 * Makes the rows of a refund and its pending call, by default of everything that is not under way back, in minor units.
 * The refund has its own id from the moment it is requested. The checkout counts it, and can never count too much.
 * `event` tells the client, and is written with the same change.
 */
export function reserveRefund(
  deps: Deps,
  checkout: Checkout,
  paymentIntentId: string,
  reason: string,
  amountMinor = checkout.totalMinor - checkout.refundedMinor,
  asked: AskedRefund = {},
) {
  const { testimonyId } = checkout;
  const refundId = asked.refundId ?? deps.newId(bucketOf(testimonyId));
  const effectId = deps.newId(bucketOf(testimonyId));
  const createdAt = deps.nowMs();
  const { currency } = checkout;
  deps.rehearsal?.steps.push({ call: "create-refund", object: paymentIntentId, amountMinor, currency });
  const rows: Statement[] = [
    addRefunded(deps.db, checkout, amountMinor),
    insertRefund(deps.db, {
      testimonyId,
      id: refundId,
      checkoutId: checkout.id,
      state: "claimed",
      currency,
      amountMinor,
      reason,
      createdAt,
    }),
    reserveCall(deps, {
      aggregateId: testimonyId,
      id: effectId,
      kind: "create-refund",
      subjectId: refundId,
      params: {
        refundId,
        testimonyId,
        paymentIntentId,
        amountMinor,
        ofAcceptance: isOfAcceptance(checkout),
        requestKey: asked.requestKey,
      },
    }),
  ];
  const command: FollowUp = { name: "resume-effect", input: { root: "testimony", aggregateId: testimonyId, effectId } };
  const { id: checkoutId, offerId, clientId } = checkout;
  const facts = { testimonyId, checkoutId, refundId, offerId, clientId, currency, amountMinor };
  const event: NewEvent = {
    type: "offer.payment_returning",
    data: { ...facts, cause: returnCause(reason) },
    to: { client: clientId },
  };
  return { refundId, rows, command, event };
}

/** Makes the event that the client has everything back. `refundId` is our refund that returned the last part. */
export function returnedEvent(
  { testimonyId, id: checkoutId, offerId, clientId, currency }: Checkout,
  { refundId, ...more }: { amountMinor: number; reason: string; refundId?: string | undefined },
): NewEvent {
  const ids = { testimonyId, checkoutId, ...(refundId === undefined ? {} : { refundId }), offerId, clientId };
  return { type: "offer.payment_returned", data: { ...ids, currency, ...more }, to: { client: clientId } };
}

/** Makes the event that the client has a part back. */
export function partlyReturnedEvent(
  { testimonyId, id: checkoutId, offerId, clientId, currency }: Checkout,
  { id: refundId, amountMinor, reason }: Refund,
): NewEvent {
  const ids = { testimonyId, checkoutId, refundId, offerId, clientId };
  const data = { ...ids, currency, amountMinor, reason };
  return { type: "offer.payment_partly_returned", data, to: { client: clientId } };
}

/** Makes the event that money could not be returned and is owed to the client again. */
export function returnFailedEvent(
  { testimonyId, id: checkoutId, clientId, currency }: Checkout,
  { id: refundId, amountMinor }: Pick<Refund, "id" | "amountMinor">,
  reason: string,
): NewEvent {
  const data = { testimonyId, checkoutId, refundId, currency, amountMinor, reason };
  return { type: "offer.payment_return_failed", data, to: { client: clientId } };
}
