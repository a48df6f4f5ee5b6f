import * as z from "zod";
import type { ProfileChanges, User } from "../../db/offers/users";
import { described } from "../described";
import type { Edge } from "../edge";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { hashFor } from "./credentials";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import {
  address,
  bankAccount,
  company,
  confirmed,
  email,
  password,
  passwordConfirmation,
  phone,
  regionList,
  shippingAddress,
  text,
} from "./fields";
import { loadNumberingPlans } from "./phone";
import { toUser, userObject } from "./user-object";

const profile = z
  .object({
    email: email.optional(),
    phone: phone.nullish(),
    password: password.optional(),
    passwordConfirmation,
    firstName: text().nullish(),
    lastName: text().nullish(),
    billingAddress: address.nullish(),
    shippingAddress: shippingAddress.nullish(),
    company: company.nullish(),
    bankAccount: bankAccount.nullish(),
    newsletterSubscribed: z.boolean().optional(),
    regions: regionList.optional(),
  })
  .refine(...confirmed);

export const updateProfile = defineRoute(offersDialect, {
  operationId: "update-profile",
  method: "put",
  path: "/me",
  ...described(() => ({
    tag: "Users",
    summary: "Change the current user",
    description:
      "Members that are left out stay as they are; null takes away what need not be there. `company` is replaced as a whole; `regions` are for experts.",
    bodyExample: { firstName: "Jana", lastName: "Nová", newsletterSubscribed: true },
    responses: { 200: { description: "The user, changed", schema: data(userObject) } },
    errors: { 422: ["phone_taken"] },
  })),
  access: "user",
  prepare: loadNumberingPlans,
  body: profile,
  async handle({ edge, caller, body, perform }) {
    const changes = await changesOf(edge, caller, body);
    const result = await perform({ name: "update-profile", input: { userId: caller.id, changes } });
    return result.ok ? ok({ data: toUser(result.value) }) : result;
  },
});

/** Returns the members that were sent, without those that this user does not have: a client serves no regions. */
async function changesOf(edge: Edge, caller: User, body: z.output<typeof profile>): Promise<ProfileChanges> {
  const { password, passwordConfirmation: _, regions, ...members } = body;
  const sent = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return {
    ...(sent as ProfileChanges),
    ...(password === undefined ? {} : { passwordHash: await hashFor(edge, password) }),
    ...(regions === undefined || caller.role !== "expert" ? {} : { regions }),
  };
}
