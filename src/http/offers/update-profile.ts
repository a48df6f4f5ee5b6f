import * as z from "zod";
import type { ProfileChanges, User } from "../../db/offers/users";
import { madeOnce } from "../../domain/made-once";
import { described, forDescription } from "../described";
import type { Edge } from "../edge";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { proveCurrentPassword, refuseGuessable } from "./credentials";
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

const profile = madeOnce(() =>
  z
    .object({
      email: email().optional(),
      phone: phone().nullish(),
      password: password().optional(),
      passwordConfirmation: passwordConfirmation(),
      currentPassword: text()
        .optional()
        .meta(forDescription(() => ({ format: "password" }))),
      firstName: text().nullish(),
      lastName: text().nullish(),
      billingAddress: address().nullish(),
      shippingAddress: shippingAddress().nullish(),
      company: company().nullish(),
      bankAccount: bankAccount().nullish(),
      newsletterSubscribed: z.boolean().optional(),
      regions: regionList().optional(),
    })
    .refine(...confirmed),
);

export const updateProfile = defineRoute(offersDialect, {
  operationId: "update-profile",
  method: "put",
  path: "/me",
  ...described(() => ({
    tag: "Users",
    summary: "Change the current user",
    description:
      "Members that are left out stay as they are; null takes away what need not be there. `company` is replaced as a whole; `regions` are for experts. " +
      "Another `email` or `password` wants `currentPassword`, unless the session began in the last fifteen minutes, " +
      "ends the other sessions, and is told to the user by mail. Another `email` is verified by a link that is mailed to it.",
    bodyExample: { firstName: "Jana", lastName: "Nová", newsletterSubscribed: true },
    responses: { 200: { description: "The user, changed", schema: data(userObject) } },
    errors: {
      422: ["email_taken", "password_guessable", "password_wrong", "phone_taken", "reauthentication_required"],
    },
  })),
  access: "user",
  prepare: loadNumberingPlans,
  bodyLimitBytes: 32 * 1024,
  body: profile,
  async handle({ edge, caller, body, perform }) {
    const { currentPassword, email = caller.email, password, phone } = body;
    const isGuarded = [currentPassword, body.email, password, phone].some((sent) => sent !== undefined);
    const proof = isGuarded ? await proveCurrentPassword(edge, caller, currentPassword) : {};
    if (isGuarded) edge.securityEvent = "credentials_changed";
    if ("answer" in proof || "refusal" in proof) return proof;
    const stop = password === undefined ? undefined : await refuseGuessable(edge, password, email);
    if (stop) return stop;
    const input = { userId: caller.id, sessionId: caller.session.id, changes: await changesOf(edge, caller, body) };
    const result = await perform({ name: "update-profile", input: { ...input, ...proof } });
    return result.ok ? ok({ data: toUser(result.value) }) : result;
  },
});

/** Returns the members that were sent, without those that this user does not have: a client serves no regions. */
async function changesOf(
  edge: Edge,
  caller: User,
  body: z.output<ReturnType<typeof profile>>,
): Promise<ProfileChanges> {
  const { password, passwordConfirmation: _, currentPassword: __, regions, ...members } = body;
  const sent = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return {
    ...(sent as ProfileChanges),
    ...(password === undefined ? {} : { passwordHash: await edge.passwords.hash(password) }),
    ...(regions === undefined || caller.role !== "expert" ? {} : { regions }),
  };
}
