import * as z from "zod";
import { withBucket } from "../../crypto/tokens";
import { credentialsOf, emailKey } from "../../db/offers/users";
import { bucketOf } from "../../domain/id";
import { described } from "../described";
import { readEmail } from "../identifying-text";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { spend } from "../spending";
import { guardSecrets, issueToken, limitAttempts, tokenObject } from "./credentials";
import { offersDialect } from "./dialect";
import { text, turnstileToken } from "./fields";

export const logIn = defineRoute(offersDialect, {
  operationId: "log-in",
  method: "post",
  path: "/auth/login",
  ...described(() => ({
    tag: "Users",
    summary: "Log in",
    bodyExample: { email: "jana.nova@example.com", password: "correct horse 7" },
    description:
      "Each login is a session of thirty days. The fifty-first ends the oldest. After five wrong passwords in a row each " +
      "further attempt has to wait, a minute first and a quarter of an hour at most; resetting the password ends that.",
    responses: { 200: { description: "Logged in", schema: tokenObject } },
    errors: { 401: ["credentials_wrong"], 403: ["user_suspended"], 422: ["turnstile_failed", "turnstile_required"] },
  })),
  access: "anyone",
  securityEvent: "login",
  keyed: false,
  bodyLimitBytes: 16 * 1024,
  body: () =>
    z.object({
      email: text().transform((sent) => readEmail(sent) ?? sent),
      password: text(),
      turnstileToken: turnstileToken(),
    }),
  async handle({ edge, body, perform }) {
    const account = emailKey(body.email);
    const stop = (await guardSecrets(edge, "login", body)) ?? (await limitAttempts(edge, "login", account));
    if (stop) return stop;
    const known = await credentialsOf(edge.deps.db, body.email);
    edge.about = known?.userId;
    const right = await edge.passwords.verify(body.password, known?.passwordHash);
    if (!known || !right) return { refusal: "credentials_wrong" };
    const full = await spend(offersDialect, edge, "log-in", {
      owner: { kind: "user", id: known.userId },
      bytes: 0,
    });
    if (full) return { answer: full };
    const { token, session } = issueToken(edge);
    const { userId, passwordHash: provedHash } = known;
    await edge.attempts.succeed("login", account);
    const result = await perform({ name: "log-in", input: { userId, session, provedHash } });
    return result.ok ? ok({ data: { token: withBucket(token, bucketOf(userId)) } }) : result;
  },
});
