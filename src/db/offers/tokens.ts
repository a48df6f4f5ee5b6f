import { and, eq, gt, lte, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import type { Rows } from "../read-all";
import { accessTokens, users } from "../schema";
import { type User, userColumns } from "./users";

/**
 * Finds the user of a live token and runs a route's first reads in the same round trip. `user` is undefined for a token
 * that is unknown or expired.
 */
export async function authenticate<L extends readonly Statement[]>(
  db: Database,
  tokenHash: string,
  nowMs: number,
  reads: L,
): Promise<{ user: User | undefined; rows: Rows<L> }> {
  const [[user], ...rows] = await db.batch([userOfToken(db, tokenHash, nowMs), ...reads]);
  return { user, rows: rows as Rows<L> };
}

/** Statement: makes a token valid. */
export function insertToken(db: Database, token: typeof accessTokens.$inferInsert) {
  return db.insert(accessTokens).values(token);
}

/** Statement: ends a token. */
export function deleteToken(db: Database, tokenHash: string) {
  return db.delete(accessTokens).where(eq(accessTokens.hash, tokenHash));
}

function userOfToken(db: Database, tokenHash: string, nowMs: number) {
  return db
    .select(userColumns)
    .from(accessTokens)
    .innerJoin(users, eq(users.id, accessTokens.userId))
    .where(and(eq(accessTokens.hash, tokenHash), gt(accessTokens.expiresAt, nowMs)));
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
