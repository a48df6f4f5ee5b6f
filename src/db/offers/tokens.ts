import { and, desc, eq, gt, isNull, lte, ne, notInArray, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { lastVersion } from "../position";
import type { Rows } from "../read-all";
import { accessTokens, users } from "../schema";
import { type User, userColumns, usersById } from "./users";

/** A session: one token of a user. The token itself is not known. */
export type Session = Omit<typeof accessTokens.$inferSelect, "hash" | "userId">;

/** A user who is logged in, with the session that the request came in. */
export type LoggedInUser = User & { session: Session };

const sessionColumns = {
  id: accessTokens.id,
  prefix: accessTokens.prefix,
  createdAt: accessTokens.createdAt,
  expiresAt: accessTokens.expiresAt,
  usedAt: accessTokens.usedAt,
  network: accessTokens.network,
};

/**
 * Finds the user of a live token and runs a route's first reads in the same round trip. `user` is undefined for a token
 * that is unknown or expired, and for a user who is suspended.
 */
export async function authenticate<L extends readonly Statement[]>(
  db: Database,
  tokenHash: string,
  nowMs: number,
  reads: L,
): Promise<{ user: LoggedInUser | undefined; rows: Rows<L> }> {
  const [[found], ...rows] = await db.batch([userOfToken(db, tokenHash, nowMs), ...reads]);
  return { user: found && { ...found.user, session: found.session }, rows: rows as Rows<L> };
}

/** Statement: makes a token valid. */
export function insertToken(db: Database, token: typeof accessTokens.$inferInsert) {
  return db.insert(accessTokens).values(token);
}

/** Statement: ends one session of a user. */
export function deleteSession(db: Database, userId: string, sessionId: string) {
  return db.delete(accessTokens).where(and(eq(accessTokens.userId, userId), eq(accessTokens.id, sessionId)));
}

/** Statement: ends all sessions of a user, but the one that is named. */
export function deleteSessions(db: Database, userId: string, { except }: { except?: string } = {}) {
  const others = except === undefined ? undefined : ne(accessTokens.id, except);
  return db.delete(accessTokens).where(and(eq(accessTokens.userId, userId), others));
}

/** Statement: ends a user's oldest sessions, so that at most `most` stay. */
export function deleteOldestSessions(db: Database, userId: string, most: number) {
  const newest = db
    .select({ hash: accessTokens.hash })
    .from(accessTokens)
    .where(eq(accessTokens.userId, userId))
    .orderBy(desc(accessTokens.createdAt), desc(accessTokens.id))
    .limit(most);
  return db.delete(accessTokens).where(and(eq(accessTokens.userId, userId), notInArray(accessTokens.hash, newest)));
}

/** Statement: a user's live sessions, newest first. */
export function sessionsOf(db: Database, userId: string, nowMs: number) {
  return db
    .select(sessionColumns)
    .from(accessTokens)
    .where(and(eq(accessTokens.userId, userId), gt(accessTokens.expiresAt, nowMs)))
    .orderBy(desc(accessTokens.createdAt), desc(accessTokens.id));
}

/** Statement: records a session's use, unless one is recorded since. */
export function noteSessionUse(
  db: Database,
  { userId, sessionId, network }: { userId: string; sessionId: string; network: string },
  { nowMs, unlessSinceMs }: { nowMs: number; unlessSinceMs: number },
) {
  const isThis = and(eq(accessTokens.userId, userId), eq(accessTokens.id, sessionId));
  return db
    .update(accessTokens)
    .set({ usedAt: nowMs, network })
    .where(and(isThis, lte(accessTokens.usedAt, unlessSinceMs)));
}

/** The facts on which a change of a user's account is decided. */
export interface Account {
  user: User;
  passwordHash: string;
  sessions: readonly Session[];
  /** The version of the user's last change. */
  version: number;
}

/** Loads a user with the password's hash and the live sessions. Returns undefined if the user does not exist. */
export async function loadAccount(db: Database, userId: string, nowMs: number): Promise<Account | undefined> {
  const hash = db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, userId));
  const [[user], [stored], sessions, [last]] = await db.batch([
    usersById(db, [userId]),
    hash,
    sessionsOf(db, userId, nowMs),
    lastVersion(db, userId),
  ]);
  return user && stored && { user, passwordHash: stored.passwordHash, sessions, version: last?.version ?? 0 };
}

/** The same columns under names of their own, because D1 answers a join by names alone. */
const joinedSession = {
  id: sql<string>`${accessTokens.id}`.as("session_id"),
  prefix: accessTokens.prefix,
  createdAt: sql<number>`${accessTokens.createdAt}`.as("session_created_at"),
  expiresAt: accessTokens.expiresAt,
  usedAt: accessTokens.usedAt,
  network: accessTokens.network,
};

function userOfToken(db: Database, tokenHash: string, nowMs: number) {
  return db
    .select({ user: userColumns, session: joinedSession })
    .from(accessTokens)
    .innerJoin(users, eq(users.id, accessTokens.userId))
    .where(and(eq(accessTokens.hash, tokenHash), gt(accessTokens.expiresAt, nowMs), isNull(users.suspendedAt)));
}

/** Deletes expired bearer tokens, at most `limit` at once. */
export function purgeTokens(db: Database, nowMs: number, limit: number) {
  const over = db
    .select({ hash: accessTokens.hash })
    .from(accessTokens)
    .where(lte(accessTokens.expiresAt, nowMs))
    .limit(limit);
  return db.delete(accessTokens).where(sql`${accessTokens.hash} in ${over}`);
}
