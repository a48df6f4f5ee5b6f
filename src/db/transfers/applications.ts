import { and, eq, sql } from "drizzle-orm";
import type { TagAddress } from "../../domain/transfers/tag";
import { compiled } from "../compiled";
import { type CreatedRange, type CursorPage, isIdCreatedIn, pageById } from "../cursor-page";
import type { Database, Statement } from "../database";
import { lastVersion } from "../position";
import { selectLiveSecrets } from "../secrets";
import { countUpTo, whileRoom } from "../while-room";
import { applications, subjects, tags } from "./application-tables";

export type Application = typeof applications.$inferSelect;
export type Subject = typeof subjects.$inferSelect;
export type Tag = typeof tags.$inferSelect;

/** Loads an application with its live secrets, and the position of its journal. Returns undefined if it does not exist. */
export async function loadApplication(db: Database, id: string, nowMs: number) {
  const [[application], secrets, [last]] = await db.batch([
    selectApplication(db, id),
    selectLiveSecrets(db, { ownerId: id }, nowMs),
    lastVersion(db, id),
  ]);
  if (!application) return undefined;
  const version = last?.version ?? 0;
  return { aggregateId: id, tenant: id, audience: id, version, sequence: 0, application, secrets };
}

export function selectApplication(db: Database, id: string) {
  return readApplication(db, { id })[0];
}

const readApplication = compiled(
  (db, { id }: { id: string }) => [db.select().from(applications).where(eq(applications.id, id))] as const,
);

/** Statement: the application with this handle, in lower case. */
export function selectApplicationByHandle(db: Database, appHandle: string) {
  const { id, keyVersion, registration, createdAt } = applications;
  return db
    .select({ id, keyVersion, registration, createdAt })
    .from(applications)
    .where(eq(applications.appHandle, appHandle));
}

/** Reads a page of all applications. */
export function pageOfApplications(db: Database, created: CreatedRange, page: CursorPage) {
  const matches = isIdCreatedIn(applications.id, applications.createdAt, created);
  return pageById(db, applications, { matches }, page);
}

export function insertApplication(db: Database, row: Application): Statement {
  return db.insert(applications).values(row);
}

export function updateApplication(
  db: Database,
  id: string,
  changes: Partial<Omit<Application, "id" | "appHandle" | "createdAt">>,
): Statement {
  return db.update(applications).set(changes).where(eq(applications.id, id));
}

/** Statement: a subject of any application. */
export function selectSubject(db: Database, id: string) {
  return db.select().from(subjects).where(eq(subjects.id, id));
}

/** Loads a subject's external id, and the version that the next change is decided on. */
export async function loadSubject(db: Database, id: string) {
  const [[subject], [last]] = await db.batch([selectSubject(db, id), lastVersion(db, id)]);
  if (!subject) return undefined;
  const { applicationId, externalId } = subject;
  const version = last?.version ?? 0;
  return { aggregateId: id, tenant: applicationId, audience: applicationId, version, sequence: 0, externalId };
}

/** Statement: empties what an application told about a subject. The external id becomes our own. */
export function eraseSubject(db: Database, id: string): Statement {
  const empty = { externalId: id, displayName: null, email: null, imageUrl: null, metadata: null };
  return db.update(subjects).set(empty).where(eq(subjects.id, id));
}

/** The filters of a list of an application's subjects. */
export interface SubjectFilter extends CreatedRange {
  externalId?: string | undefined;
}

/** Reads a page of an application's subjects. */
export function pageOfSubjects(db: Database, applicationId: string, filter: SubjectFilter, page: CursorPage) {
  const { externalId } = filter;
  const matches = and(
    externalId === undefined ? undefined : eq(subjects.externalId, externalId),
    isIdCreatedIn(subjects.id, subjects.createdAt, filter),
  );
  return pageById(db, subjects, { owned: eq(subjects.applicationId, applicationId), matches }, page);
}

/** Statement: the application's subject with this external id. */
export function selectSubjectByExternalId(db: Database, applicationId: string, externalId: string) {
  return db
    .select({ id: subjects.id })
    .from(subjects)
    .where(and(eq(subjects.applicationId, applicationId), eq(subjects.externalId, externalId)));
}

/** Inserts a subject, unless the application has as many. */
export function insertSubject(db: Database, row: Subject, most: number): Statement {
  const own = sql`select 1 from ${subjects} where ${eq(subjects.applicationId, row.applicationId)}`;
  return db.insert(subjects).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, own)) });
}

/** Statement: the application's tag with this name. */
export function selectTag(db: Database, applicationId: string, tagString: string) {
  return db
    .select()
    .from(tags)
    .where(and(eq(tags.tagString, tagString), eq(tags.applicationId, applicationId)));
}

/** Reads a page of an application's tags, those that are off included. */
export function pageOfTags(db: Database, applicationId: string, created: CreatedRange, page: CursorPage) {
  const matches = isIdCreatedIn(tags.id, tags.createdAt, created);
  return pageById(db, tags, { owned: eq(tags.applicationId, applicationId), matches }, page);
}

/** Loads an application's tag with the position of its journal. Returns undefined if it does not exist. */
export async function loadTag(db: Database, applicationId: string, tagString: string) {
  const isNamed = and(eq(tags.tagString, tagString), eq(tags.applicationId, applicationId));
  const id = db.select({ id: tags.id }).from(tags).where(isNamed);
  const [[tag], [last]] = await db.batch([selectTag(db, applicationId, tagString), lastVersion(db, id)]);
  if (!tag) return undefined;
  const version = last?.version ?? 0;
  return { aggregateId: tag.id, tenant: applicationId, audience: applicationId, version, sequence: 0, tag };
}

/** A tag, with the members of its application that a transfer needs. */
export interface OwnedTag {
  tag: Tag;
  application: Pick<Application, "name" | "appHandle" | "transactionWebhookUrl" | "active">;
}

/**
 * Statement: the tags that an address may name, in one application or everywhere. Two matches are enough to be
 * ambiguous. Tags and applications that are switched off are included, so that an ambiguous address never becomes the
 * name of somebody else.
 */
export function selectTagsAt(db: Database, { name, appHandle }: TagAddress, applicationId?: string) {
  const { transactionWebhookUrl } = applications;
  return db
    .select({
      tag: tags,
      application: {
        name: applications.name,
        appHandle: applications.appHandle,
        transactionWebhookUrl,
        // An alias, because a batch returns columns of the same name as one.
        active: sql<boolean>`${applications.active}`.mapWith(applications.active).as("application_active"),
      },
    })
    .from(tags)
    .innerJoin(applications, eq(applications.id, tags.applicationId))
    .where(
      and(
        eq(tags.tagString, name),
        appHandle === undefined ? undefined : eq(applications.appHandle, appHandle),
        applicationId === undefined ? undefined : eq(tags.applicationId, applicationId),
      ),
    )
    .limit(2);
}

export function updateTag(db: Database, id: string, changes: Pick<Tag, "active">): Statement {
  return db.update(tags).set(changes).where(eq(tags.id, id));
}

/** Query: the ids of the tags that an address may name, for a condition. */
export function selectTagIdsAt(db: Database, { name, appHandle }: TagAddress) {
  const ids = db.select({ id: tags.id }).from(tags).$dynamic();
  if (appHandle === undefined) return ids.where(eq(tags.tagString, name));
  const application = db
    .select({ id: applications.id })
    .from(applications)
    .where(eq(applications.appHandle, appHandle));
  return ids.where(and(eq(tags.tagString, name), eq(tags.applicationId, sql`${application}`)));
}

/** Inserts a tag, unless the application has as many. */
export function insertTag(db: Database, row: Tag, most: number): Statement {
  const own = sql`select 1 from ${tags} where ${eq(tags.applicationId, row.applicationId)}`;
  return db.insert(tags).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, own)) });
}
