import { and, asc, desc, eq, gt, isNull, lte, notInArray, or, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, pageById } from "../cursor-page";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import type { Rows } from "../read-all";
import { countUpTo, whileRoom } from "../while-room";
import { apps, appUsers, developers, developerTokens } from "./developer-tables";

export type Developer = typeof developers.$inferSelect;
export type DeveloperToken = typeof developerTokens.$inferSelect;
export type App = typeof apps.$inferSelect;
export type AppUser = Omit<typeof appUsers.$inferSelect, "number">;

/** The token that a request came with. */
export type PresentedToken = Pick<DeveloperToken, "hash" | "prefix" | "scopes" | "lastUsedAt">;

/** The objects that the identity headers name, as far as they belong together; undefined if one does not exist. */
export interface Identity {
  developer: Developer | undefined;
  token: PresentedToken | undefined;
  app: App | undefined;
  user: AppUser | undefined;
}

/**
 * Finds the developer of a live token, the app and the shopper, together with a route's first reads, in one round trip.
 * Another developer's app and another app's shopper count as unknown.
 */
export async function identify<L extends readonly Statement[]>(
  db: Database,
  { tokenHash, appId, userId }: { tokenHash: string; appId: string; userId: string },
  nowMs: number,
  reads: L,
): Promise<Identity & { rows: Rows<L> }> {
  const [[known], [app], [user], ...rows] = await db.batch([
    developerOfToken(db, tokenHash, nowMs),
    db.select().from(apps).where(eq(apps.id, appId)),
    db.select().from(appUsers).where(eq(appUsers.id, userId)),
    ...reads,
  ]);
  const developer = known?.developer;
  const ownApp = app && app.developerId === developer?.id ? app : undefined;
  const ownUser = user && user.appId === ownApp?.id ? user : undefined;
  return { developer, token: known?.token, app: ownApp, user: ownUser, rows: rows as Rows<L> };
}

const presented = {
  hash: developerTokens.hash,
  prefix: developerTokens.prefix,
  scopes: developerTokens.scopes,
  lastUsedAt: developerTokens.lastUsedAt,
};

function developerOfToken(db: Database, tokenHash: string, nowMs: number) {
  return (
    db
      // Only the columns that are used, because a batch returns columns of the same name as one.
      .select({ developer: developers, token: presented })
      .from(developerTokens)
      .innerJoin(developers, eq(developers.id, developerTokens.developerId))
      .where(
        and(
          eq(developerTokens.hash, tokenHash),
          or(isNull(developerTokens.expiresAt), gt(developerTokens.expiresAt, nowMs)),
        ),
      )
  );
}

/**
 * Loads a developer with the tokens, and the position of the developer's journal. Returns undefined if the developer
 * does not exist.
 */
export async function loadDeveloper(db: Database, id: string) {
  const [[developer], tokens, [last]] = await db.batch([
    selectDeveloper(db, id),
    selectDeveloperTokens(db, id),
    lastPosition(db, id),
  ]);
  if (!developer) return undefined;
  const position = { aggregateId: id, tenant: id, audience: id };
  return { ...position, version: last?.version ?? 0, sequence: last?.sequence ?? 0, developer, tokens };
}

export function selectDeveloper(db: Database, id: string) {
  return db.select().from(developers).where(eq(developers.id, id));
}

/** Statement: the developer with this e-mail, in lower case. */
export function selectDeveloperByEmail(db: Database, email: string) {
  return db.select({ id: developers.id }).from(developers).where(eq(developers.email, email));
}

/** Reads a page of all developers. */
export function pageOfDevelopers(db: Database, created: CreatedRange, page: CursorPage) {
  return pageById(db, developers, { matches: isIdCreatedIn(developers.id, developers.createdAt, created) }, page);
}

/** Statement: a developer's tokens, oldest first. */
export function selectDeveloperTokens(db: Database, developerId: string) {
  return db
    .select()
    .from(developerTokens)
    .where(eq(developerTokens.developerId, developerId))
    .orderBy(asc(developerTokens.createdAt));
}

export function selectApp(db: Database, id: string) {
  return db.select().from(apps).where(eq(apps.id, id));
}

/** Reads a page of a developer's apps. */
export function pageOfApps(db: Database, developerId: string, created: CreatedRange, page: CursorPage) {
  const owned = eq(apps.developerId, developerId);
  return pageById(db, apps, { owned, matches: isIdCreatedIn(apps.id, apps.createdAt, created) }, page);
}

export function insertDeveloper(db: Database, row: Developer): Statement {
  return db.insert(developers).values(row);
}

export function insertDeveloperToken(
  db: Database,
  row: Pick<DeveloperToken, "hash" | "prefix" | "scopes" | "developerId" | "createdAt"> & { expiresAt?: number | null },
): Statement {
  return db.insert(developerTokens).values(row);
}

/** Sets the end of a developer's live tokens: those with one prefix, or all. */
export function endDeveloperTokens(
  db: Database,
  developerId: string,
  expiresAt: number,
  which: { prefix: string } | "all",
): Statement {
  return db
    .update(developerTokens)
    .set({ expiresAt })
    .where(
      and(
        eq(developerTokens.developerId, developerId),
        or(isNull(developerTokens.expiresAt), gt(developerTokens.expiresAt, expiresAt)),
        which === "all" ? undefined : eq(developerTokens.prefix, which.prefix),
      ),
    );
}

/** Deletes a developer's ended tokens, but those that ended last. */
export function deleteEndedTokens(
  db: Database,
  developerId: string,
  { nowMs, keep }: { nowMs: number; keep: number },
): Statement {
  const isEnded = and(eq(developerTokens.developerId, developerId), lte(developerTokens.expiresAt, nowMs));
  const last = db
    .select({ hash: developerTokens.hash })
    .from(developerTokens)
    .where(isEnded)
    .orderBy(desc(developerTokens.expiresAt))
    .limit(keep);
  return db.delete(developerTokens).where(and(isEnded, notInArray(developerTokens.hash, last)));
}

/** Deletes a developer's tokens whose use was not recorded. */
export function deleteUnusedTokens(db: Database, developerId: string): Statement {
  return db
    .delete(developerTokens)
    .where(and(eq(developerTokens.developerId, developerId), isNull(developerTokens.lastUsedAt)));
}

/** Records the use of a token, unless a use since the given time is recorded already. */
export function noteTokenUse(
  db: Database,
  hash: string,
  { nowMs, unlessSinceMs }: { nowMs: number; unlessSinceMs: number },
): Statement {
  const isOld = or(isNull(developerTokens.lastUsedAt), lte(developerTokens.lastUsedAt, unlessSinceMs));
  return db
    .update(developerTokens)
    .set({ lastUsedAt: nowMs })
    .where(and(eq(developerTokens.hash, hash), isOld));
}

/** Statement: the app's shopper with this external id. */
export function selectUserByExternalId(db: Database, appId: string, externalId: string) {
  return db
    .select({ id: appUsers.id })
    .from(appUsers)
    .where(and(eq(appUsers.appId, appId), eq(appUsers.externalId, externalId)));
}

/** Inserts an app, unless the developer has as many. */
export function insertApp(db: Database, row: App, most: number): Statement {
  const own = sql`select 1 from ${apps} where ${eq(apps.developerId, row.developerId)}`;
  return db.insert(apps).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, own)) });
}

/** Tells whether the developer's app has this shopper. */
export function selectAppOfUser(
  db: Database,
  { developerId, appId, userId }: { developerId: string; appId: string; userId: string },
) {
  return db
    .select({ id: appUsers.id })
    .from(appUsers)
    .innerJoin(apps, eq(apps.id, appUsers.appId))
    .where(and(eq(appUsers.id, userId), eq(appUsers.appId, appId), eq(apps.developerId, developerId)));
}

/** Inserts a shopper under the app's next number, unless the app has as many: they may be too many to be counted. */
export function insertAppUser(db: Database, row: AppUser, most: number): Statement {
  const last = sql`coalesce((select max(${appUsers.number}) from ${appUsers} where ${eq(appUsers.appId, row.appId)}), 0)`;
  return db
    .insert(appUsers)
    .values({ ...row, number: sql`${last} + 1`, createdAt: whileRoom(row.createdAt, most, last) });
}
