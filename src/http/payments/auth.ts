import { hashToken, isToken } from "../../crypto/tokens";
import type { Statement } from "../../db/database";
import {
  type App,
  type AppUser,
  type Developer,
  type Identity,
  identify,
  type PresentedToken,
} from "../../db/payments/developers";
import type { Rows } from "../../db/read-all";
import { canonicalId, isId } from "../../domain/id";
import { hourMs } from "../../domain/time";
import { bearerToken } from "../bearer";
import type { Authenticated, ErrorResponse, NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";

/** The caller of a developer's token. */
export interface DeveloperCaller {
  developer: Developer;
  token: PresentedToken;
}

/** The same with one of the developer's apps. */
export interface AppCaller extends DeveloperCaller {
  app: App;
}

/** The same with one of the app's shoppers. */
export interface ShopperCaller extends AppCaller {
  user: AppUser;
}

/** The callers of each kind of access. `login` also takes the token as a bearer token. */
export type PaymentsCallers = {
  developer: DeveloperCaller;
  login: DeveloperCaller;
  app: AppCaller;
  shopper: ShopperCaller;
};

type Access = keyof PaymentsCallers;

const tokenHeader = "X-Developer-Token";
const appHeader = "X-App-ID";
const userHeader = "X-User-ID";

/** Tells whether a request has any credential of this contract (src/guides/decisions.md#shared-paths). */
export function showsIdentity(headers: Headers): boolean {
  return [tokenHeader, appHeader, userHeader].some((name) => headers.has(name));
}

export const unauthorized: ErrorResponse = {
  status: 401,
  text: "Unauthorized",
  headers: { "WWW-Authenticate": "Developer-Token" },
};

export const tooMany: ErrorResponse = { status: 429, text: "Too many requests.", headers: { "Retry-After": "60" } };

export const unavailable: ErrorResponse = {
  status: 503,
  text: "Service unavailable. Please try again.",
  headers: { "Retry-After": "10" },
};

const appMissing: ErrorResponse = { status: 400, text: "Provide app_id in the header" };
const userMissing: ErrorResponse = { ...unauthorized, text: "Please provide a valid user token in the header" };

type Refused = { ok: false; answer: NamedErrorResponse };

/**
 * Finds the objects that the identity headers name, with the route's first reads in the same round trip. Checks whether
 * the headers are there, then the token, then whether app and shopper belong to it
 * (src/guides/decisions.md#missing-headers).
 */
export async function authenticateIdentity<A extends Access, const L extends readonly Statement[]>(
  edge: Edge,
  headers: Headers,
  access: A,
  reads: L,
): Promise<Authenticated<PaymentsCallers[A], L>> {
  const sent = readIdentity(headers, access);
  if (sent.appId === undefined) return refuse(appMissing, "app_missing");
  if (sent.userId === undefined) return refuse(userMissing, "user_missing");
  const found = await lookUp(edge, sent, reads);
  if (found === "unavailable") return refuse(unavailable, "unavailable");
  if (!found?.developer) return refuseToken(edge, sent.token);
  await noteUse(edge, found);
  const caller = callerOf(found, access);
  const held = { scopes: found.token?.scopes ?? [] };
  return caller ? { ok: true, caller, rows: found.rows, allowed: true, held } : refuse(unauthorized, "unauthenticated");
}

/** Reads the headers that the access needs: undefined if one is missing, empty if the access does not need it. */
function readIdentity(headers: Headers, access: Access) {
  const sent = (name: string) => headers.get(name)?.trim() || undefined;
  return {
    token: sent(tokenHeader) ?? (access === "login" ? bearerToken(headers) : undefined),
    appId: needsApp(access) ? sent(appHeader) : "",
    userId: access === "shopper" ? sent(userHeader) : "",
  };
}

/**
 * Looks the identity up. A text that cannot be a token is not looked up; a text that cannot be an id counts as unknown.
 * If the database does not answer, nobody is refused as unknown.
 */
async function lookUp<const L extends readonly Statement[]>(
  { deps }: Edge,
  { token = "", appId = "", userId = "" }: ReturnType<typeof readIdentity>,
  reads: L,
): Promise<(Identity & { rows: Rows<L> }) | undefined | "unavailable"> {
  if (!isToken(token, "dev")) return undefined;
  const named = { tokenHash: hashToken(token), appId: idOrNone(appId), userId: idOrNone(userId) };
  try {
    return await identify(deps.db, named, deps.nowMs(), reads);
  } catch (error) {
    deps.log.error("identity_unavailable", error);
    return "unavailable";
  }
}

function idOrNone(text: string): string {
  const id = canonicalId(text);
  return isId(id) ? id : "";
}

/**
 * Refuses a wrong token. Such a caller may be guessing, so the attempts are limited
 * (src/guides/decisions.md#rate-limits).
 */
async function refuseToken(edge: Edge, token: string | undefined): Promise<Refused> {
  if (token !== undefined && !(await edge.shields.guesses())) return refuse(tooMany, "rate_limited");
  return refuse(unauthorized, "unauthenticated");
}

const notedEveryMs = hourMs;

/** Records a token's last use to the hour, because each record is a write. */
async function noteUse({ deps }: Edge, { token }: Identity): Promise<void> {
  if (!token || (token.lastUsedAt !== null && deps.nowMs() - token.lastUsedAt < notedEveryMs)) return;
  await deps.enqueueCommands([{ name: "note-token-use", input: { hash: token.hash } }]);
}

function callerOf<A extends Access>(identity: Identity, access: A): PaymentsCallers[A] | undefined {
  const { developer, token, app, user } = identity;
  const isComplete = developer && (app || !needsApp(access)) && (user || access !== "shopper");
  return isComplete ? ({ developer, token, app, user } as PaymentsCallers[A]) : undefined;
}

function refuse(answer: ErrorResponse, code: NamedErrorResponse["code"]): Refused {
  return { ok: false, answer: { ...answer, code } };
}

function needsApp(access: Access): boolean {
  return access === "app" || access === "shopper";
}
