import type { Checkout, Refund } from "../../db/offers/testimonies";
import type { NewEvent } from "../notify";

/** Makes the event that the client has everything back. `refundId` is our refund that returned the last part. */
export function returnedEvent(
  { testimonyId, id: checkoutId, offerId, clientId, currency }: Checkout,
  { refundId, ...more }: { amountMinor: number; reason: string; refundId?: string | undefined },
): NewEvent {
  const ids = { testimonyId, checkoutId, ...(refundId === undefined ? {} : { refundId }), offerId, clientId };
  return { type: "offer.payment_returned", data: { ...ids, currency, ...more }, to: { client: clientId } };
}

/** Makes the event that the client has a part back. */
export function partlyReturnedEvents(
  { testimonyId, id: checkoutId, offerId, clientId, currency }: Checkout,
  { id: refundId, amountMinor, reason }: Refund,
): NewEvent {
  const ids = { testimonyId, checkoutId, refundId, offerId, clientId };
  const data = { ...ids, currency, amountMinor, reason };
  return { type: "offer.payment_partly_returned", data, to: { client: clientId } };
}

/** Makes the event that money could not be returned and is owed to the client again. */
export function returnFailedEvents(
  { testimonyId, id: checkoutId, clientId, currency }: Checkout,
  { id: refundId, amountMinor }: Pick<Refund, "id" | "amountMinor">,
  reason: string,
): NewEvent {
  const data = { testimonyId, checkoutId, refundId, currency, amountMinor, reason };
  return { type: "offer.payment_return_failed", data, to: { client: clientId } };
}
