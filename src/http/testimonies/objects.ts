import * as z from "zod";
import type { Offer, Testimony } from "../../db/testimonies";
import type { User } from "../../db/users";
import { chargeFor } from "../../domain/commission";
import { formatDecimal } from "../../domain/money";
import { purposes, realEstateTypes, regions } from "../../domain/testimony";

/** How the objects of the contract look on the wire: a schema each, and the function that prints it. */

const timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$/)
  .meta({ example: "2025-01-15T10:30:00+00:00" });
const euros = z.number().meta({ description: "Decimal euros.", example: 149.5 });

const addressObject = z
  .strictObject({
    line1: z.string(),
    line2: z.string().nullable(),
    city: z.string(),
    postalCode: z.string(),
    country: z.string(),
    firstName: z.string().nullable().optional(),
    lastName: z.string().nullable().optional(),
  })
  .meta({ id: "Address" });

const shortUserMembers = {
  email: z.string(),
  phone: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  role: z.enum(["client", "expert"]),
  regions: z.array(z.enum(regions)).nullable(),
  emailVerified: z.boolean(),
};

/** A user as others see them (offers.md section 3.5): seven members. */
const shortUserObject = z.strictObject(shortUserMembers).meta({ id: "ShortUser" });

/** A user as they see themselves: twelve members, no id. */
export const userObject = z
  .strictObject({
    ...shortUserMembers,
    billingAddress: addressObject.nullable(),
    shippingAddress: addressObject.nullable(),
    company: z.strictObject({ businessId: z.string(), taxId: z.string(), vatId: z.string().nullable() }).nullable(),
    bankAccount: z.strictObject({ iban: z.string() }).nullable(),
    newsletterSubscribed: z.boolean(),
  })
  .meta({ id: "User" });

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

const coordinatesObject = z.strictObject({ lat: z.number(), lng: z.number() });

const realEstateObject = z.strictObject({
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
});

export const testimonyObject = z
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
  .meta({ id: "Testimony" });

/** Wraps a schema as every success of the contract is wrapped. */
export function data<T extends z.ZodType>(schema: T) {
  return z.strictObject({ data: schema });
}

/** "2025-01-15T10:30:00+00:00": seconds, numeric offset. */
export function toTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d{3}Z$/, "+00:00");
}

/** Cents as the JSON number that reads like the decimal text: 14950 → 149.5. */
function toEuros(amountMinor: number): number {
  return Number(formatDecimal(amountMinor, 2));
}

export function toUser(user: User) {
  return {
    email: user.email,
    phone: user.phone,
    role: user.role,
    firstName: user.firstName,
    lastName: user.lastName,
    billingAddress: user.billingAddress,
    shippingAddress: user.shippingAddress,
    company: user.company,
    bankAccount: user.bankAccount,
    regions: user.regions,
    emailVerified: user.emailVerified,
    newsletterSubscribed: user.newsletterSubscribedAt !== null,
  };
}

function toShortUser(user: User) {
  return {
    email: user.email,
    phone: user.phone,
    firstName: user.firstName,
    lastName: user.lastName,
    role: user.role,
    regions: user.regions,
    emailVerified: user.emailVerified,
  };
}

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

/** A testimony with what belongs to it. `offers` is null where they were not loaded. */
export interface LoadedTestimony {
  testimony: Testimony;
  people: ReadonlyMap<string, User>;
  offers: readonly Offer[] | null;
}

/**
 * Prints a testimony for one reader: the client sees all of it; an expert sees their own offers only, and who was chosen
 * at which price only when it was them (offers.md section 6.3).
 */
export function toTestimony({ testimony, people, offers }: LoadedTestimony, reader: User) {
  const isOwner = testimony.clientId === reader.id;
  const isParty = isOwner || testimony.expertId === reader.id;
  const client = person(people, testimony.clientId);
  const print = (offer: Offer) => toOffer(offer, person(people, offer.expertId));
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
