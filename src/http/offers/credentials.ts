import * as z from "zod";
import { hashPassword, verifyPassword } from "../../crypto/passwords";
import { makeToken } from "../../crypto/tokens";
import { credentialsOf, emailKey, type User } from "../../db/offers/users";
import { dayMs } from "../../domain/time";
import type { NewSession } from "../../operations/offers/sessions";
import { forDescription } from "../described";
import type { ErrorResponse, NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";
import { networkOf } from "../network-of";
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

/** Hashes a password at the cost that the environment sets. */
export function hashFor(edge: Edge, password: string): Promise<string> {
  return hashPassword(password, edge.settings.passwordParallelism);
}

type Stop = { answer: NamedErrorResponse };

/**
 * Guards every route that could be used to guess secrets: by the narrow rate limit, also of the account if there is
 * one, then by Turnstile if it is configured. Returns undefined to let the request pass.
 */
export async function guardSecrets(
  edge: Edge,
  limited: ErrorResponse,
  turnstileToken: string | null,
  account?: string,
): Promise<Stop | undefined> {
  if (!(await edge.shields.entries(account))) return { answer: { ...limited, code: "rate_limited" } };
  const { turnstileSecret } = edge.settings;
  if (turnstileSecret === undefined) return undefined;
  if (turnstileToken === null) return stopAtTurnstile("The turnstile token is required.", "turnstile_required");
  if (await passesTurnstile(turnstileSecret, turnstileToken, edge.address)) return undefined;
  return stopAtTurnstile("The turnstile token verification failed.", "turnstile_failed");
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
  { email }: User,
  currentPassword: string | undefined,
): Promise<{ provedHash?: string } | { answer: NamedErrorResponse } | { refusal: "password_wrong" }> {
  if (!(await edge.shields.entries(emailKey(email)))) return { answer: { ...tooMany, code: "rate_limited" } };
  if (currentPassword === undefined) return {};
  const known = await credentialsOf(edge.deps.db, email);
  if (!known || !(await verifyPassword(currentPassword, known.passwordHash))) return { refusal: "password_wrong" };
  return { provedHash: known.passwordHash };
}
