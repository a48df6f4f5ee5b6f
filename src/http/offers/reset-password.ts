import * as z from "zod";
import { hashToken } from "../../crypto/tokens";
import { userOfResetLink } from "../../db/offers/mails";
import { emailKey } from "../../db/offers/users";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { limit, refuseGuessable } from "./credentials";
import { offersDialect } from "./dialect";
import { confirmed, email, password, passwordConfirmation, text } from "./fields";

export const resetPassword = defineRoute(offersDialect, {
  operationId: "reset-password",
  method: "post",
  path: "/auth/password/reset",
  ...described(() => ({
    tag: "Users",
    summary: "Reset the password with the link that was mailed",
    description:
      "Ends all sessions and the link, and tells the user by mail. `email` and `token` stand in the link. A password that " +
      "is refused leaves the link as it is.",
    bodyExample: {
      email: "jana.nova@example.com",
      token: "5f3c0a9be1d24c7786f0b3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8",
      password: "battery staple 9",
      passwordConfirmation: "battery staple 9",
    },
    responses: { 204: { description: "Reset" } },
    errors: { 400: ["reset_refused"], 422: ["password_guessable"] },
  })),
  access: "anyone",
  keyed: false,
  body: () =>
    z
      .object({ email: email(), token: text(), password: password(), passwordConfirmation: passwordConfirmation() })
      .refine(...confirmed),
  async handle({ edge, body, perform }) {
    const { email, password } = body;
    const stop = (await limit(edge, "reset", body.token)) ?? (await refuseGuessable(edge, password, email));
    if (stop) return stop;
    const { db, nowMs } = edge.deps;
    const linkHash = hashToken(body.token);
    const userId = await userOfResetLink(db, { email, linkHash, nowMs: nowMs() });
    if (userId === undefined) return { refusal: "reset_refused" };
    const passwordHash = await edge.passwords.hash(password);
    const result = await perform({ name: "reset-password", input: { userId, linkHash, passwordHash } });
    if (!result.ok) return result;
    await edge.attempts.succeed("login", emailKey(email));
    return noContent;
  },
});
