import { and, asc, desc, eq, lt, sql } from "drizzle-orm";
import type { TagAddress } from "../../domain/transfers/tag";
import type { Database, Statement } from "../database";
import { lastVersion } from "../position";
import { applications, subjects, tags } from "./application-tables";

export type Application = typeof applications.$inferSelect;
export type Subject = typeof subjects.$inferSelect;
export type Tag = typeof tags.$inferSelect;

/** Loads an application with the position of its journal. Returns undefined if it does not exist. */
export async function loadApplication(db: Database, id: string) {
  const [[application], [last]] = await db.batch([selectApplication(db, id), lastVersion(db, id)]);
  if (!application) return undefined;
  return { aggregateId: id, tenant: id, audience: id, version: last?.version ?? 0, sequence: 0, application };
}

export function selectApplication(db: Database, id: string) {
  return db.select().from(applications).where(eq(applications.id, id));
}

/** Statement: the application with this handle, in lower case. */
export function selectApplicationByHandle(db: Database, appHandle: string) {
  return db.select({ id: applications.id }).from(applications).where(eq(applications.appHandle, appHandle));
}

/** Statement: all applications, newest first, after a cursor. */
export function selectApplications(db: Database, { after, limit }: { after: string | undefined; limit: number }) {
  return db
    .select()
    .from(applications)
    .where(after === undefined ? undefined : lt(applications.id, after))
    .orderBy(desc(applications.id))
    .limit(limit);
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

/** Statement: an application's subjects, oldest first. The contract has no pages here. */
export function selectSubjects(db: Database, applicationId: string) {
  return db.select().from(subjects).where(eq(subjects.applicationId, applicationId)).orderBy(asc(subjects.id));
}

/** Statement: the application's subject with this external id. */
export function selectSubjectByExternalId(db: Database, applicationId: string, externalId: string) {
  return db
    .select({ id: subjects.id })
    .from(subjects)
    .where(and(eq(subjects.applicationId, applicationId), eq(subjects.externalId, externalId)));
}

export function insertSubject(db: Database, row: Subject): Statement {
  return db.insert(subjects).values(row);
}

/** Statement: the application's tag with this name. */
export function selectTag(db: Database, applicationId: string, tagString: string) {
  return db
    .select()
    .from(tags)
    .where(and(eq(tags.tagString, tagString), eq(tags.applicationId, applicationId)));
}

/** Statement: an application's tags, oldest first, those that are off too. */
export function selectTags(db: Database, applicationId: string) {
  return db.select().from(tags).where(eq(tags.applicationId, applicationId)).orderBy(asc(tags.id));
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

export function insertTag(db: Database, row: Tag): Statement {
  return db.insert(tags).values(row);
}
