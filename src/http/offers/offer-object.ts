import * as z from "zod";
import type { Offer } from "../../db/offers/testimonies";
import type { User } from "../../db/offers/users";
import { formatDecimal } from "../../domain/money";
import { chargeFor } from "../../domain/offers/commission";
import { offerState, offerStates } from "../../domain/offers/offer";
import { forDescription } from "../described";
import { timestamp, toTimestamp } from "./timestamp";
import { shortUserObject, toShortUser } from "./user-object";

export const euros = forDescription(() => z.number().meta({ description: "Decimal euros.", example: 149.5 }));

/** Returns cents as the JSON number of the decimal text: 14950 → 149.5. */
export function toEuros(amountMinor: number): number {
  return Number(formatDecimal(amountMinor, 2));
}

export const offerObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      price: euros,
      commission: euros.meta({ description: "What the client pays on top of the price." }),
      deliveryDays: z.int(),
      notes: z.string().nullable(),
      state: z.enum(offerStates),
      validUntil: timestamp.nullable().meta({ description: "From then on no payment page is opened for it." }),
      expert: shortUserObject,
      createdAt: timestamp,
    })
    .meta({ id: "Offer" }),
);

/** Prints an offer as it is at a moment, with the expert who made it. */
export function toOffer(offer: Offer, expert: User, nowMs: number) {
  return {
    id: offer.id,
    price: toEuros(offer.priceMinor),
    commission: toEuros(chargeFor(offer.priceMinor, offer.commissionBasisPoints).commissionMinor),
    deliveryDays: offer.deliveryDays,
    notes: offer.notes,
    state: offerState(offer, nowMs),
    validUntil: offer.validUntil === null ? null : toTimestamp(offer.validUntil),
    expert: toShortUser(expert),
    createdAt: toTimestamp(offer.createdAt),
  };
}
