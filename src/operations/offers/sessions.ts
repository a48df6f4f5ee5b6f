import { write } from "../../db/database";
import {
  type Account,
  deleteOldestSessions,
  deleteSession,
  deleteSessions,
  insertToken,
  loadAccount,
  noteSessionUse as noteUse,
} from "../../db/offers/tokens";
import { done, type Result, refuse } from "../../domain/result";
import { hourMs, minuteMs } from "../../domain/time";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/** A token as it is stored, when it ends, and the network that it was asked for from. */
export interface NewSession {
  hash: string;
  prefix: string;
  expiresAtMs: number;
  network: string;
}

/** The most sessions of a user: one more login ends the oldest. */
const sessionsMax = 50;

/** Makes the row of a new session. */
export function sessionRow(deps: Deps, userId: string, { expiresAtMs, ...session }: NewSession) {
  const nowMs = deps.nowMs();
  return { ...session, id: deps.newId(), userId, createdAt: nowMs, expiresAt: expiresAtMs, usedAt: nowMs };
}

/** The proof that a request is the owner's. */
export interface Proof {
  /** The session that the request came in. */
  sessionId: string;
  /** The hash that the sent password was compared with and equals; undefined if none was sent. */
  provedHash?: string;
}

/** For so long after a login, it counts as the proof. */
const freshLoginMs = 15 * minuteMs;

/** Tells whether a request is proved by the present password or by a fresh login. */
export function isProved({ sessions, passwordHash }: Account, { sessionId, provedHash }: Proof, nowMs: number) {
  if (provedHash !== undefined) return provedHash === passwordHash;
  return sessions.some(({ id, createdAt }) => id === sessionId && nowMs - createdAt <= freshLoginMs);
}

/** Returns where the user's next change stands. */
export function positionOf({ user: { id }, version }: Account) {
  return { aggregateId: id, tenant: id, version, sequence: 0 };
}

/**
 * Adds a session for a user whose password was right. `provedHash` is the hash that it was compared with: a password
 * that was changed meanwhile lets nobody in. Refuses `credentials_wrong`, `user_suspended`.
 */
export async function logIn(
  deps: Deps,
  { userId, session, provedHash }: { userId: string; session: NewSession; provedHash: string },
): Promise<Result<null>> {
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (account?.passwordHash !== provedHash) return refuse("credentials_wrong");
  if (account.user.suspendedAt !== null) return refuse("user_suspended");
  const row = sessionRow(deps, userId, session);
  await appendChange(deps, positionOf(account), {
    name: "log-in",
    actor: account.user.role,
    data: { sessionId: row.id },
    rows: [insertToken(deps.db, row), deleteOldestSessions(deps.db, userId, sessionsMax)],
  });
  return done;
}

type NamedSession = { userId: string; sessionId: string };

/** Ends the one session that the request came in; the user's other sessions stay. It may be ended already. */
export async function logOut(deps: Deps, session: NamedSession): Promise<Result<null>> {
  await end(deps, "log-out", session);
  return done;
}

/** Ends one session of the user. Refuses `user_session_unknown`. */
export function endSession(deps: Deps, session: NamedSession): Promise<Result<null>> {
  return end(deps, "end-session", session);
}

async function end(deps: Deps, name: string, { userId, sessionId }: NamedSession): Promise<Result<null>> {
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (!account?.sessions.some(({ id }) => id === sessionId)) return refuse("user_session_unknown");
  await appendChange(deps, positionOf(account), {
    name,
    actor: account.user.role,
    data: { sessionId },
    rows: [deleteSession(deps.db, userId, sessionId)],
  });
  return done;
}

/** Ends all sessions of the user, the one that the request came in included. */
export async function logOutEverywhere(deps: Deps, { userId }: { userId: string }): Promise<Result<null>> {
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (!account) throw new Error("an authenticated user has no row");
  await appendChange(deps, positionOf(account), {
    name: "log-out-everywhere",
    actor: account.user.role,
    data: { sessions: account.sessions.length },
    rows: [deleteSessions(deps.db, userId)],
  });
  return done;
}

/** Records a session's last use and its network, to the hour, because each record is a write. */
export async function noteSessionUse(
  deps: Deps,
  use: { userId: string; sessionId: string; network: string },
): Promise<Result<null>> {
  const nowMs = deps.nowMs();
  await write(deps.db, [noteUse(deps.db, use, { nowMs, unlessSinceMs: nowMs - hourMs })]);
  return done;
}
