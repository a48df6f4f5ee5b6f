import { type VerifiedJwt, verifyJwt } from "../../crypto/jwt";
import type { Statement } from "../../db/database";
import { type Rows, readAll } from "../../db/read-all";
import { type Application, selectApplication } from "../../db/transfers/applications";
import { bearerToken } from "../bearer";
import type { Authenticated, NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";

/** The callers of each kind of access. An administrator is an application to which the operator gave that role. */
export type TransfersCallers = { anyone: undefined; application: Application; administrator: Application };

/** The issuer of our tokens. */
export const tokenIssuer = "accord";

export const unauthorized = {
  status: 401,
  code: "UNAUTHORIZED",
  text: "Authentication is missing or invalid",
  headers: { "WWW-Authenticate": "Bearer" },
} as const satisfies NamedErrorResponse;

const invalidToken = { headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } };

const expired: NamedErrorResponse = {
  ...unauthorized,
  ...invalidToken,
  code: "TOKEN_EXPIRED",
  text: "The token has expired",
};

export const inactive: NamedErrorResponse = {
  status: 403,
  code: "APPLICATION_INACTIVE",
  text: "The application is not active",
};

export const forbidden = {
  status: 403,
  code: "FORBIDDEN",
  text: "The application may not do this",
} as const satisfies NamedErrorResponse;

export const tooMany = {
  status: 429,
  code: "RATE_LIMIT_EXCEEDED",
  text: "Too many requests",
  headers: { "Retry-After": "60" },
} as const satisfies NamedErrorResponse;

/**
 * Tokens by request, so that each is verified once although it is used twice: for the first reads and for the
 * authentication.
 */
const verified = new WeakMap<Headers, Promise<VerifiedJwt | undefined>>();

function verify(edge: Edge, headers: Headers): Promise<VerifiedJwt | undefined> {
  const known = verified.get(headers) ?? verifyBearer(edge, headers);
  verified.set(headers, known);
  return known;
}

/** Verifies the bearer token. Returns undefined if there is none. */
async function verifyBearer({ deps, settings }: Edge, headers: Headers): Promise<VerifiedJwt | undefined> {
  const token = bearerToken(headers);
  if (token === undefined) return undefined;
  return verifyJwt(settings.tokenKeys, token, { issuer: tokenIssuer, nowMs: deps.nowMs() });
}

/** Returns the id of the application that a valid token is for. */
export async function subjectOf(edge: Edge, headers: Headers): Promise<string | undefined> {
  const token = await verify(edge, headers);
  return token?.ok ? token.subject : undefined;
}

/**
 * Finds the application of a token, with the route's first reads in the same round trip. Whether it is active is
 * checked every time, because the token may be older than its deactivation.
 */
export async function authenticateApplication<A extends keyof TransfersCallers, const L extends readonly Statement[]>(
  edge: Edge,
  headers: Headers,
  access: A,
  reads: L,
): Promise<Authenticated<TransfersCallers[A], L>> {
  const allow = (caller: Application | undefined, rows: Rows<L>, allowed: boolean) =>
    ({ ok: true, caller: caller as TransfersCallers[A], rows, allowed }) as const;
  if (access === "anyone") return allow(undefined, await readAll(edge.deps.db, reads), true);
  const token = await verify(edge, headers);
  if (!token?.ok) return refuseToken(edge, token?.reason);
  if (!(await edge.shields.application(token.subject))) return { ok: false, answer: tooMany };
  const { db } = edge.deps;
  const [[application], ...rows] = await readAll(db, [selectApplication(db, token.subject), ...reads] as const);
  if (!application) return { ok: false, answer: { ...unauthorized, ...invalidToken } };
  if (!application.active) return { ok: false, answer: inactive };
  return allow(application, rows as Rows<L>, access === "application" || application.admin);
}

/**
 * Refuses a wrong token. Such a caller may be guessing, so the attempts are limited
 * (src/guides/decisions.md#rate-limits).
 */
async function refuseToken(edge: Edge, reason: "expired" | "invalid" | undefined) {
  if (reason === undefined) return { ok: false, answer: unauthorized } as const;
  if (reason === "expired") return { ok: false, answer: expired } as const;
  if (!(await edge.shields.guesses("application"))) return { ok: false, answer: tooMany } as const;
  return { ok: false, answer: { ...unauthorized, ...invalidToken } } as const;
}
