import { hashToken, isToken } from "../../crypto/tokens";
import type { Statement } from "../../db/database";
import { authenticate, type LoggedInUser } from "../../db/offers/tokens";
import { type Rows, readAll } from "../../db/read-all";
import { hourMs } from "../../domain/time";
import { bearerToken } from "../bearer";
import type { Authenticated, ErrorResponse } from "../dialect";
import type { Edge } from "../edge";
import { networkOf } from "../network-of";

/** The callers of each kind of access. A `guest` must not be logged in. */
export type OffersCallers = {
  anyone: undefined;
  guest: undefined;
  user: LoggedInUser;
  client: LoggedInUser;
  expert: LoggedInUser;
};

export const unauthenticated: ErrorResponse = {
  status: 401,
  text: "Unauthenticated.",
  headers: { "WWW-Authenticate": "Bearer" },
};

export const tooMany: ErrorResponse = { status: 429, text: "Too Many Attempts.", headers: { "Retry-After": "60" } };

/** The answer to a registration by somebody who is logged in. */
const alreadyAuthenticated = { status: 403, text: "Access denied.", code: "already_authenticated" } as const;

/** Finds the user of a bearer token, with the route's first reads in the same round trip. */
export async function authenticateBearer<A extends keyof OffersCallers, const L extends readonly Statement[]>(
  edge: Edge,
  headers: Headers,
  access: A,
  reads: L,
): Promise<Authenticated<OffersCallers[A], L>> {
  const token = bearerToken(headers);
  const allow = (caller: LoggedInUser | undefined, rows: Rows<L>, allowed: boolean) =>
    ({ ok: true, caller: caller as OffersCallers[A], rows, allowed }) as const;
  if (access === "anyone" || (access === "guest" && token === undefined)) {
    return allow(undefined, await readAll(edge.deps.db, reads), true);
  }
  const found = await lookUp(edge, token, reads);
  if (found?.user && access === "guest") return { ok: false, answer: alreadyAuthenticated };
  if (found?.user) {
    await noteUse(edge, found.user);
    return allow(found.user, found.rows, access === "user" || access === found.user.role);
  }
  // A caller with a wrong token may be guessing, so the attempts are limited (src/guides/decisions.md#rate-limits).
  if (token !== undefined && !(await edge.shields.guesses("user"))) {
    return { ok: false, answer: { ...tooMany, code: "rate_limited" } };
  }
  if (access === "guest") return allow(undefined, found?.rows ?? (await readAll(edge.deps.db, reads)), true);
  return { ok: false, answer: { ...unauthenticated, code: "unauthenticated" } };
}

/** Records a session's last use to the hour, because each record is a write. */
async function noteUse({ deps, address }: Edge, { id, session }: LoggedInUser): Promise<void> {
  if (deps.nowMs() - session.usedAt < hourMs) return;
  const input = { userId: id, sessionId: session.id, network: networkOf(address) };
  await deps.enqueueCommands([{ name: "note-session-use", input }]);
}

/** Looks a token up. Returns undefined for a text that cannot be one. */
async function lookUp<const L extends readonly Statement[]>(edge: Edge, token: string | undefined, reads: L) {
  if (token === undefined || !isToken(token)) return undefined;
  return authenticate(edge.deps.db, hashToken(token), edge.deps.nowMs(), reads);
}
