import * as z from "zod";
import type { User } from "../../db/offers/users";
import { regions } from "../../domain/offers/testimony";
import { forDescription } from "../described";

const addressObject = forDescription(() =>
  z
    .strictObject({
      line1: z.string(),
      line2: z.string().nullable(),
      city: z.string(),
      postalCode: z.string(),
      country: z.string(),
      firstName: z.string().nullable().optional(),
      lastName: z.string().nullable().optional(),
    })
    .meta({ id: "Address" }),
);

const shortUserMembers = forDescription(() => ({
  email: z.string(),
  phone: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  role: z.enum(["client", "expert"]),
  regions: z.array(z.enum(regions)).nullable(),
  emailVerified: z.boolean(),
}));

/** A user as others see them: seven members. */
export const shortUserObject = forDescription(() => z.strictObject(shortUserMembers).meta({ id: "ShortUser" }));

/** A user as they see themselves: twelve members, no id. */
export const userObject = forDescription(() =>
  z
    .strictObject({
      ...shortUserMembers,
      billingAddress: addressObject.nullable(),
      shippingAddress: addressObject.nullable(),
      company: z.strictObject({ businessId: z.string(), taxId: z.string(), vatId: z.string().nullable() }).nullable(),
      bankAccount: z.strictObject({ iban: z.string() }).nullable(),
      newsletterSubscribed: z.boolean(),
    })
    .meta({ id: "User" }),
);

/** Prints a user for themselves. */
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

/** Prints a user for others. */
export function toShortUser(user: User) {
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
