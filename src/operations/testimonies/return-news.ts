import type { Checkout, Refund } from "../../db/testimonies";
import type { News } from "../change";

/** The client has everything back. `refundId`: the last of it came by this refund of ours. */
export function returnedNews(
  { testimonyId, id: checkoutId, offerId, clientId, currency }: Checkout,
  { refundId, ...more }: { amountMinor: number; reason: string; refundId?: string | undefined },
): News {
  const ids = { testimonyId, checkoutId, ...(refundId === undefined ? {} : { refundId }), offerId, clientId };
  return { type: "offer.payment_returned", data: { ...ids, currency, ...more }, to: { client: clientId } };
}

/** Money could not be given back: it is owed to the client again. */
export function returnFailedNews(
  { testimonyId, id: checkoutId, clientId, currency }: Checkout,
  { id: refundId, amountMinor }: Pick<Refund, "id" | "amountMinor">,
  reason: string,
): News {
  const data = { testimonyId, checkoutId, refundId, currency, amountMinor, reason };
  return { type: "offer.payment_return_failed", data, to: { client: clientId } };
}
