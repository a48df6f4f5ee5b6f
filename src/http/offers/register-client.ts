import * as z from "zod";
import { withBucket } from "../../crypto/tokens";
import { bucketOf } from "../../domain/id";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { guardSecrets, issueToken, refuseGuessable, tokenObject } from "./credentials";
import { offersDialect } from "./dialect";
import { accepted, confirmed, email, password, passwordConfirmation, turnstileToken, unused } from "./fields";

export const registerClient = defineRoute(offersDialect, {
  operationId: "register-client",
  method: "post",
  path: "/auth/register/client",
  ...described(() => ({
    tag: "Users",
    summary: "Register as a client",
    description: "The token is usable at once, and a link that verifies the e-mail is mailed. A client has no phone.",
    bodyExample: {
      email: "jana.nova@example.com",
      password: "correct horse 7",
      passwordConfirmation: "correct horse 7",
      newsletterSubscribed: false,
      termsAgreed: true,
    },
    responses: { 201: { description: "Registered", schema: tokenObject } },
    errors: { 422: ["email_taken", "password_guessable"] },
  })),
  access: "guest",
  securityEvent: "registration",
  keyed: false,
  bodyLimitBytes: 16 * 1024,
  body: () =>
    z
      .object({
        email: email(),
        phone: unused(),
        password: password(),
        passwordConfirmation: passwordConfirmation(),
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
    const { email, newsletterSubscribed } = body;
    const passwordHash = await edge.passwords.hash(body.password);
    const result = await perform({
      name: "register-client",
      input: { email, passwordHash, newsletterSubscribed, session },
    });
    return result.ok ? created({ data: { token: withBucket(token, bucketOf(result.value)) } }) : result;
  },
});
