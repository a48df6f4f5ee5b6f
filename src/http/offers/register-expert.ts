import * as z from "zod";
import { withBucket } from "../../crypto/tokens";
import { bucketOf } from "../../domain/id";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { guardSecrets, issueToken, refuseGuessable, tokenObject } from "./credentials";
import { offersDialect } from "./dialect";
import {
  accepted,
  address,
  bankAccount,
  company,
  confirmed,
  email,
  integer,
  password,
  passwordConfirmation,
  phone,
  regionList,
  text,
  turnstileToken,
} from "./fields";
import { attribute } from "./issue-messages";
import { loadNumberingPlans } from "./phone";

const dateOfBirth = () =>
  z
    .object({ day: integer(1, 31), month: integer(1, 12), year: integer(1920, 2010) })
    .refine(({ day, month, year }) => new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day, {
      error: `The ${attribute} field must be a valid date.`,
    })
    .transform(({ day, month, year }) => new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10));

export const registerExpert = defineRoute(offersDialect, {
  operationId: "register-expert",
  method: "post",
  path: "/auth/register/expert",
  ...described(() => ({
    tag: "Users",
    summary: "Register as an expert",
    description:
      "The token is usable at once, and a link that verifies the e-mail is mailed. Takes JSON: verification documents are not handed in here.",
    bodyExample: {
      email: "peter.kral@example.com",
      phone: "+421905123456",
      password: "battery staple 9",
      passwordConfirmation: "battery staple 9",
      firstName: "Peter",
      lastName: "Kráľ",
      dateOfBirth: { day: 14, month: 3, year: 1980 },
      billingAddress: { line1: "Hlavná 1", city: "Nitra", postalCode: "949 01", country: "SK" },
      company: { businessId: "12345678", taxId: "2020123456" },
      bankAccount: { iban: "SK3112000000198742637541" },
      registrationNumber: "910123",
      regions: ["nr"],
      newsletterSubscribed: false,
      termsAgreed: true,
    },
    responses: { 201: { description: "Registered", schema: tokenObject } },
    errors: { 422: ["email_taken", "password_guessable", "phone_taken"] },
  })),
  access: "guest",
  securityEvent: "registration",
  keyed: false,
  prepare: loadNumberingPlans,
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z
      .object({
        email: email(),
        phone: phone(),
        password: password(),
        passwordConfirmation: passwordConfirmation(),
        firstName: text(),
        lastName: text(),
        dateOfBirth: dateOfBirth(),
        billingAddress: address(),
        company: company(),
        bankAccount: bankAccount(),
        registrationNumber: text(),
        regions: regionList(),
        newsletterSubscribed: z.boolean(),
        termsAgreed: accepted(),
        turnstileToken: turnstileToken(),
      })
      .refine(...confirmed),
  async handle({ edge, body, perform }) {
    const stop =
      (await guardSecrets(edge, "register", body)) ?? (await refuseGuessable(edge, body.password, body.email));
    if (stop) return stop;
    const { token, session } = issueToken(edge);
    const { password, passwordConfirmation: _, termsAgreed: __, turnstileToken: ___, ...expert } = body;
    const passwordHash = await edge.passwords.hash(password);
    const result = await perform({ name: "register-expert", input: { ...expert, passwordHash, session } });
    return result.ok ? created({ data: { token: withBucket(token, bucketOf(result.value)) } }) : result;
  },
});
