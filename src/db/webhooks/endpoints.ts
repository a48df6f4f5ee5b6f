import { and, eq, getTableColumns, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, readingOf, readPage } from "../cursor-page";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import { webhookEndpoints } from "../schema";
import { deleteUnusedSecrets, type Holder, insertSecret, previousSecretUntil, selectLiveSecrets } from "../secrets";
import { countUpTo, whileRoom } from "../while-room";

/** An endpoint as it is stored. */
export type EndpointRow = typeof webhookEndpoints.$inferSelect;

/** An endpoint as its owner sees it, without its secrets. */
export type WebhookEndpoint = EndpointRow & { previousSecretUntil: number | null };

/** Names the secrets that sign an endpoint's messages. */
export function secretsOf(ownerId: string): Holder {
  return { ownerId, kind: "webhook" };
}

const columnsOf = (db: Database) => ({
  ...getTableColumns(webhookEndpoints),
  previousSecretUntil: previousSecretUntil(db),
});

/** Statement: an endpoint of any owner; the reader compares the owner. */
export function selectEndpointById(db: Database, id: string) {
  return db.select(columnsOf(db)).from(webhookEndpoints).where(eq(webhookEndpoints.id, id));
}

/** Statement: an endpoint of this owner; another owner's counts as unknown. */
export function selectEndpoint(db: Database, owner: string, id: string) {
  return db
    .select(columnsOf(db))
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.owner, owner)));
}

/** The filters of a list of an owner's endpoints. */
export interface EndpointFilter extends CreatedRange {
  enabled?: boolean | undefined;
  /** A type of events that they receive. */
  type?: string | undefined;
}

/** Reads a page of an owner's endpoints. An owner has few. */
export function pageOfEndpoints(db: Database, owner: string, filter: EndpointFilter, page: CursorPage) {
  const { id, createdAt, enabled, events } = webhookEndpoints;
  const isOwn = eq(webhookEndpoints.owner, owner);
  const { where, orderBy, limit } = readingOf(page, [id]);
  const matches = and(
    filter.enabled === undefined ? undefined : eq(enabled, filter.enabled),
    filter.type === undefined
      ? undefined
      : sql`exists (select 1 from json_each(${events}) where value in ('*', ${filter.type}))`,
    isIdCreatedIn(id, createdAt, filter),
  );
  return readPage<WebhookEndpoint>(db, page, {
    named: (name) =>
      db
        .select({ id })
        .from(webhookEndpoints)
        .where(and(isOwn, eq(id, name))),
    rows: db
      .select(columnsOf(db))
      .from(webhookEndpoints)
      .where(and(isOwn, where, matches))
      .orderBy(...orderBy)
      .limit(limit),
  });
}

/** Loads an endpoint with its live secrets, and the position of its journal, in one round trip. */
export async function loadEndpoint(db: Database, owner: string, id: string, nowMs: number) {
  const [[endpoint], secrets, [last]] = await db.batch([
    selectEndpoint(db, owner, id),
    selectLiveSecrets(db, secretsOf(id), nowMs),
    lastPosition(db, id),
  ]);
  if (!endpoint) return undefined;
  const position = { aggregateId: id, tenant: owner, audience: owner };
  return { ...position, version: last?.version ?? 0, sequence: last?.sequence ?? 0, endpoint, secrets };
}

/** Makes the rows of a new endpoint with its first secret, unless the owner has as many. */
export function insertEndpoint(db: Database, row: EndpointRow, secret: string, most: number): Statement[] {
  const own = sql`select 1 from ${webhookEndpoints} where ${eq(webhookEndpoints.owner, row.owner)}`;
  return [
    db.insert(webhookEndpoints).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, own)) }),
    insertSecret(db, { ...secretsOf(row.id), number: 1, secret, createdAt: row.createdAt }),
  ];
}

export function updateEndpoint(
  db: Database,
  id: string,
  changes: Partial<Omit<EndpointRow, "id" | "owner" | "createdAt">>,
): Statement {
  return db.update(webhookEndpoints).set(changes).where(eq(webhookEndpoints.id, id));
}

type Health = Partial<Pick<EndpointRow, "failingSince" | "warnedAt" | "enabled" | "disabledReason" | "disabledAt">>;

/** Writes an endpoint's health, unless its address or its health has changed since it was read. */
export function noteHealth(db: Database, read: EndpointRow, changes: Health): Statement {
  return db
    .update(webhookEndpoints)
    .set(changes)
    .where(and(eq(webhookEndpoints.id, read.id), isAsRead(read)));
}

/**
 * Writes a health decision that has an event. If it is not valid any more, the whole batch fails, because it would set
 * `enabled` to null. An UPDATE that matched no row would let the event out.
 */
export function enactHealth(
  db: Database,
  read: EndpointRow,
  { enabled = read.enabled, ...changes }: Health,
): Statement {
  return db
    .update(webhookEndpoints)
    .set({ ...changes, enabled: sql`case when ${isAsRead(read)} then ${enabled ? 1 : 0} end` })
    .where(eq(webhookEndpoints.id, read.id));
}

function isAsRead({ url, failingSince, warnedAt }: EndpointRow) {
  return and(
    eq(webhookEndpoints.url, url),
    sql`${webhookEndpoints.failingSince} is ${failingSince}`,
    sql`${webhookEndpoints.warnedAt} is ${warnedAt}`,
  );
}

/** Deletes an endpoint with its secrets. */
export function deleteEndpoint(db: Database, id: string): Statement[] {
  return [db.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id)), deleteUnusedSecrets(db, secretsOf(id))];
}
