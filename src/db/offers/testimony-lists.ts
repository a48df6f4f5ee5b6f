import { and, count, desc, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { type CreatedRange, isIdCreatedIn } from "../cursor-page";
import type { Database } from "../database";
import { offers, testimonies, users } from "../schema";
import type { Offer, Testimony } from "./testimonies";
import { type User, userColumns } from "./users";

/** One page of testimonies, newest first, with their offers and all users that they name. */
export interface TestimonyPage {
  total: number;
  testimonies: Testimony[];
  offers: Offer[];
  people: Map<string, User>;
}

export interface PageRequest {
  page: number;
  perPage: number;
}

/** The filters of a list of testimonies. */
export interface TestimonyFilter extends CreatedRange {
  state?: Testimony["state"] | undefined;
}

/** Those of a client, or those that an expert was assigned to. */
export interface OwnTestimonies extends TestimonyFilter {
  role: User["role"];
  userId: string;
}

/** Reads a page of a user's own testimonies. One round trip. */
export function ownTestimonies(db: Database, filter: OwnTestimonies, page: PageRequest): Promise<TestimonyPage> {
  return readPage(db, and(isOwn(filter), isOfTime(filter), isOfState(filter)), page);
}

/** Reads the testimonies for which experts of these regions may make offers: pending, of their region or of none. */
export function offerableTestimonies(
  db: Database,
  { regions, ...created }: CreatedRange & { regions: readonly string[] },
  page: PageRequest,
): Promise<TestimonyPage> {
  // The plus keeps SQLite from reading all others.
  return readPage(db, and(isOffered, isReachable(regions), isOfTime(created)), page, sql`+${testimonies.id} desc`);
}

/** The state is a text, because a bound parameter does not match the index's condition. */
export const isOffered = sql`${testimonies.state} = 'pending'`;

/** Returns the condition on the region of a testimony for which experts of these regions may make offers. */
export function isReachable(regions: readonly string[]): SQL | undefined {
  return or(isNull(testimonies.region), inArray(testimonies.region, [...regions]));
}

export function isOwn({ role, userId }: Pick<OwnTestimonies, "role" | "userId">): SQL {
  return eq(role === "client" ? testimonies.clientId : testimonies.expertId, userId);
}

export function isOfTime(created: CreatedRange): SQL | undefined {
  return isIdCreatedIn(testimonies.id, testimonies.createdAt, created);
}

export function isOfState({ state }: TestimonyFilter): SQL | undefined {
  return state === undefined ? undefined : eq(testimonies.state, state);
}

async function readPage(
  db: Database,
  where: SQL | undefined,
  { page, perPage }: PageRequest,
  newestFirst = desc(testimonies.id),
): Promise<TestimonyPage> {
  const offset = (page - 1) * perPage;
  // Each statement finds the page again by the same index, which is cheaper than a second round trip.
  const onPage = (column: "id" | "clientId" | "expertId") =>
    db
      .select({ id: testimonies[column] })
      .from(testimonies)
      .where(where)
      .orderBy(newestFirst)
      .limit(perPage)
      .offset(offset);
  const offering = db
    .select({ id: offers.expertId })
    .from(offers)
    .where(inArray(offers.testimonyId, onPage("id")));
  const [[counted], found, theirOffers, clients, experts, rivals] = await db.batch([
    db.select({ total: count() }).from(testimonies).where(where),
    db.select().from(testimonies).where(where).orderBy(newestFirst).limit(perPage).offset(offset),
    db
      .select()
      .from(offers)
      .where(inArray(offers.testimonyId, onPage("id")))
      .orderBy(desc(offers.id)),
    db
      .select(userColumns)
      .from(users)
      .where(inArray(users.id, onPage("clientId"))),
    db
      .select(userColumns)
      .from(users)
      .where(inArray(users.id, onPage("expertId"))),
    db.select(userColumns).from(users).where(inArray(users.id, offering)),
  ]);
  const people = new Map([...clients, ...experts, ...rivals].map((user) => [user.id, user]));
  return { total: counted?.total ?? 0, testimonies: found, offers: theirOffers, people };
}
