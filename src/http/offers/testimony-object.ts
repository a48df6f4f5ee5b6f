import * as z from "zod";
import type { Offer, Testimony } from "../../db/offers/testimonies";
import type { User } from "../../db/offers/users";
import { purposes, realEstateTypes, regions } from "../../domain/offers/testimony";
import { forDescription } from "../described";
import { euros, offerObject, toEuros, toOffer } from "./offer-object";
import { timestamp, toTimestamp } from "./timestamp";
import { shortUserObject, toShortUser, toUser, userObject } from "./user-object";

const coordinatesObject = forDescription(() => z.strictObject({ lat: z.number(), lng: z.number() }));

const realEstateObject = forDescription(() =>
  z.strictObject({
    type: z.enum(realEstateTypes),
    properties: z.record(z.string(), z.unknown()).nullable(),
    address: z.strictObject({
      line1: z.string().nullable(),
      line2: z.string().nullable(),
      city: z.string(),
      postalCode: z.string(),
      parcelNumber: z.string().nullable(),
      cadastralArea: z.string().nullable(),
    }),
    region: z.enum(regions).nullable(),
    addressCoords: coordinatesObject.nullable(),
    userCoords: coordinatesObject.nullable(),
  }),
);

export const testimonyObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      state: z.enum(["pending", "offered", "accepted", "completed", "cancelled"]),
      purpose: z.enum(purposes),
      price: euros.nullable(),
      client: z.union([userObject, shortUserObject]),
      expert: shortUserObject.nullable(),
      realEstate: realEstateObject,
      notes: z.string().nullable(),
      cancellationReason: z.string().nullable(),
      acceptedOffer: offerObject.nullable(),
      offers: z.array(offerObject).nullable(),
      createdAt: timestamp,
    })
    .meta({ id: "Testimony" }),
);

/** A testimony with its people and offers. `offers` is null if they were not loaded. */
export interface LoadedTestimony {
  testimony: Testimony;
  people: ReadonlyMap<string, User>;
  offers: readonly Offer[] | null;
}

/**
 * Prints a testimony as it is at a moment, for one reader. The client sees all of it. An expert sees only their own offers, and the chosen
 * expert and price only if they were chosen.
 */
export function toTestimony({ testimony, people, offers }: LoadedTestimony, reader: User, nowMs: number) {
  const isOwner = testimony.clientId === reader.id;
  const isParty = isOwner || testimony.expertId === reader.id;
  const client = person(people, testimony.clientId);
  const print = (offer: Offer) => toOffer(offer, person(people, offer.expertId), nowMs);
  const accepted = offers?.find((offer) => offer.id === testimony.acceptedOfferId);
  return {
    id: testimony.id,
    state: testimony.state,
    purpose: testimony.purpose,
    price: isParty && testimony.priceMinor !== null ? toEuros(testimony.priceMinor) : null,
    client: isOwner ? toUser(client) : toShortUser(client),
    expert: isParty && testimony.expertId !== null ? toShortUser(person(people, testimony.expertId)) : null,
    realEstate: toRealEstate(testimony),
    notes: testimony.notes,
    cancellationReason: testimony.cancellationReason,
    acceptedOffer: isParty && accepted ? print(accepted) : null,
    offers: offers?.filter((offer) => isOwner || offer.expertId === reader.id).map(print) ?? null,
    createdAt: toTimestamp(testimony.createdAt),
  };
}

function toRealEstate({ realEstate, region }: Testimony) {
  const { type, properties, address, addressCoords, userCoords } = realEstate;
  return { type, properties, address, region, addressCoords, userCoords };
}

function person(people: ReadonlyMap<string, User>, userId: string): User {
  const user = people.get(userId);
  if (!user) throw new Error(`user ${userId} is named but was not loaded`);
  return user;
}
