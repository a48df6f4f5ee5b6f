import * as z from "zod";
import type { Offer } from "../../db/offers/testimonies";
import type { User } from "../../db/offers/users";
import { chargeFor } from "../../domain/offers/commission";
import { euros, toEuros } from "./euros";
import { timestamp, toTimestamp } from "./timestamp";
import { shortUserObject, toShortUser } from "./user-object";

export const offerObject = z
  .strictObject({
    id: z.uuid(),
    price: euros,
    commission: euros.meta({ description: "What the client pays on top of the price." }),
    deliveryDays: z.int(),
    notes: z.string().nullable(),
    state: z.enum(["open", "accepted", "withdrawn"]),
    expert: shortUserObject,
    createdAt: timestamp,
  })
  .meta({ id: "Offer" });

/** Prints an offer, with the expert who made it. */
export function toOffer(offer: Offer, expert: User) {
  return {
    id: offer.id,
    price: toEuros(offer.priceMinor),
    commission: toEuros(chargeFor(offer.priceMinor, offer.commissionBasisPoints).commissionMinor),
    deliveryDays: offer.deliveryDays,
    notes: offer.notes,
    state: offerState(offer),
    expert: toShortUser(expert),
    createdAt: toTimestamp(offer.createdAt),
  };
}

function offerState({ acceptedAt, withdrawnAt }: Offer): "open" | "accepted" | "withdrawn" {
  if (acceptedAt !== null) return "accepted";
  return withdrawnAt === null ? "open" : "withdrawn";
}
