import * as z from "zod";
import { makeToken } from "../../crypto/tokens";
import { credentialsOf, emailKey, type User } from "../../db/offers/users";
import { dayMs } from "../../domain/time";
import type { NewSession } from "../../operations/offers/sessions";
import { forDescription } from "../described";
import type { NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";
import { networkOf } from "../network-of";
import type { Entry } from "../shields";
import { tooMany } from "./auth";
import { data } from "./envelope";

/** The life of a token: 30 days from its login. */
const tokenLifetimeMs = 30 * dayMs;

/** The answer to registering and logging in: the token, shown once. */
export const tokenObject = forDescription(() =>
  data(z.strictObject({ token: z.string().meta({ description: "Shown once. Send it as `Authorization: Bearer`." }) })),
);

/** Makes a token: the caller gets `token`, the operation only the session without it. */
export function issueToken(edge: Edge): { token: string; session: NewSession } {
  const { token, hash, prefix } = makeToken();
  const expiresAtMs = edge.deps.nowMs() + tokenLifetimeMs;
  return { token, session: { hash, prefix, expiresAtMs, network: networkOf(edge.address) } };
}

type Stop = { answer: NamedErrorResponse };

/**
 * Guards every route that could be used to guess secrets or to find out who has an account: by the narrow rate limits,
 * then by Turnstile if it is configured. Returns undefined to let the request pass.
 */
export async function guardSecrets(
  edge: Edge,
  kind: Entry,
  { email, turnstileToken }: { email: string; turnstileToken: string | null },
): Promise<Stop | undefined> {
  const stop = await limit(edge, kind, emailKey(email));
  if (stop) return stop;
  const { turnstileSecret } = edge.settings;
  if (turnstileSecret === undefined) return undefined;
  if (turnstileToken === null) return stopAtTurnstile("The turnstile token is required.", "turnstile_required");
  if (await passesTurnstile(turnstileSecret, turnstileToken, edge.address)) return undefined;
  return stopAtTurnstile("The turnstile token verification failed.", "turnstile_failed");
}

/**
 * Counts what tries a secret or tells who has an account. A link is counted by itself, not by its account: otherwise a
 * stranger could keep the owner from using it. Returns undefined to let it pass.
 */
export async function limit(edge: Edge, kind: Entry, named: string): Promise<Stop | undefined> {
  return (await edge.shields.entries(kind, named)) ? undefined : { answer: { ...tooMany, code: "rate_limited" } };
}

/** Counts an attempt at the password of an account, which is delayed after some that failed. */
export async function limitAttempts(
  edge: Edge,
  kind: "login" | "current-password",
  account: string,
): Promise<Stop | undefined> {
  const seconds = await edge.attempts.begin(kind, account);
  if (seconds === 0) return undefined;
  return { answer: { ...tooMany, headers: { "Retry-After": String(seconds) }, code: "rate_limited" } };
}

/**
 * Refuses a password that many people have, and the user's own e-mail (OWASP ASVS 5.0, 6.2.4 and 6.2.11). The list is an
 * asset, made of a maintained one when the Worker is built.
 */
export async function refuseGuessable(edge: Edge, password: string, email: string): Promise<Stop | undefined> {
  const plain = password.normalize("NFKC").toLowerCase();
  const frequent = (await edge.document("/frequent-passwords.json")) as readonly string[];
  if (plain !== emailKey(email) && !frequent.includes(plain)) return undefined;
  const text = "The password field is too easy to guess.";
  return { answer: { status: 422, text, code: "password_guessable", field: "password" } };
}

function stopAtTurnstile(text: string, code: NamedErrorResponse["code"]): Stop {
  return { answer: { status: 422, text, code, field: "turnstileToken" } };
}

/**
 * Asks Turnstile whether a person sent the token. Throws if Turnstile does not answer, so that nobody passes unchecked.
 */
async function passesTurnstile(secret: string, token: string, address: string): Promise<boolean> {
  const response = await fetch("https://challenges.cloudflare.com/turnstile/v0/siteverify", {
    method: "POST",
    body: new URLSearchParams({ secret, response: token, remoteip: address }),
    signal: AbortSignal.timeout(5_000),
  });
  const { success } = (await response.json()) as { success?: boolean };
  return success === true;
}

/**
 * Checks the present password, if it was sent. Whoever changes what a user logs in with could guess: passwords, and
 * which e-mails are taken. So each attempt counts like a login.
 */
export async function proveCurrentPassword(
  edge: Edge,
  { id, email }: User,
  currentPassword: string | undefined,
): Promise<{ provedHash?: string } | { answer: NamedErrorResponse } | { refusal: "password_wrong" }> {
  const stop = await limit(edge, "current-password", id);
  if (stop || currentPassword === undefined) return stop ?? {};
  const delayed = await limitAttempts(edge, "current-password", id);
  if (delayed) return delayed;
  const known = await credentialsOf(edge.deps.db, email);
  if (!known || !(await edge.passwords.verify(currentPassword, known.passwordHash)))
    return { refusal: "password_wrong" };
  await edge.attempts.succeed("current-password", id);
  return { provedHash: known.passwordHash };
}
