import { and, count, desc, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
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

/** Reads a client's testimonies. One round trip. */
export function testimoniesOfClient(db: Database, clientId: string, page: PageRequest): Promise<TestimonyPage> {
  return readPage(db, eq(testimonies.clientId, clientId), page);
}

/** Reads the testimonies that an expert was assigned to. One round trip. */
export function testimoniesOfExpert(db: Database, expertId: string, page: PageRequest): Promise<TestimonyPage> {
  return readPage(db, eq(testimonies.expertId, expertId), page);
}

/** Reads the testimonies for which experts of these regions may make offers: pending, of their region or of none. */
export function offerableTestimonies(
  db: Database,
  regions: readonly string[],
  page: PageRequest,
): Promise<TestimonyPage> {
  const reachable = or(isNull(testimonies.region), inArray(testimonies.region, [...regions]));
  // The state is a text, because a bound parameter does not match the index's condition; the plus keeps SQLite from
  // reading all others.
  const where = and(sql`${testimonies.state} = 'pending'`, reachable);
  return readPage(db, where, page, sql`+${testimonies.id} desc`);
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
