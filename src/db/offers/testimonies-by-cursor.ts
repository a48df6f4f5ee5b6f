import { and, desc, eq, inArray, isNull, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import {
  type CreatedRange,
  type CursorPage,
  cutPage,
  type Part,
  readAt,
  readingOf,
  type Selection,
} from "../cursor-page";
import type { Database } from "../database";
import { cutLooked, lookThrough } from "../look-through";
import { offers, testimonies, users } from "../schema";
import type { Offer, Testimony } from "./testimonies";
import { isOffered, isOfState, isOfTime, isOwn, isReachable, type OwnTestimonies } from "./testimony-lists";
import { type User, userColumns } from "./users";

/** A page of testimonies with their offers and all users that they name. */
export interface TestimonyPart extends Part<Testimony> {
  offers: Offer[];
  people: Map<string, User>;
}

/** Reads a page of a user's own testimonies, by cursor. Returns undefined if it is none of theirs. */
export async function ownTestimoniesByCursor(
  db: Database,
  filter: OwnTestimonies,
  page: CursorPage,
): Promise<TestimonyPart | undefined> {
  const rows = lookThrough(db, testimonies, page, {
    key: [testimonies.id],
    owned: and(isOwn(filter), isOfTime(filter)),
    matches: isOfState(filter),
    most: 500,
  });
  const read = await readWithOffers(db, page, rows, isOwn(filter));
  return read && { ...read, ...cutLooked<Testimony>(page, read.rows, ({ id }) => id) };
}

/**
 * Reads a page of the testimonies for which experts of these regions may make offers, by cursor: of each region as many
 * as the page has, and the first of these. The cursor may have its offers by now. Returns undefined if it is none that
 * these experts could make offers for.
 */
export async function offerableByCursor(
  db: Database,
  { regions, ...created }: CreatedRange & { regions: readonly string[] },
  page: CursorPage,
): Promise<TestimonyPart | undefined> {
  const { id, region } = testimonies;
  const { where, orderBy, limit } = readingOf(page, [id]);
  const ofRegion = (isRegion: SQL) => {
    const part = db
      .select()
      .from(testimonies)
      .where(and(isOffered, isRegion, isOfTime(created), where))
      .orderBy(...orderBy)
      .limit(limit);
    return db.select().from(part.as("testimonies"));
  };
  const parts = [isNull(region), ...regions.map((name) => eq(region, name))].map(ofRegion);
  const all = parts.reduce((some, part) => some.unionAll(part as never) as never);
  const rows = all.orderBy(...orderBy).limit(limit) as unknown as Selection<Testimony> & SQLWrapper;
  const read = await readWithOffers(db, page, rows, isReachable(regions));
  return read && { ...read, ...cutPage(page, read.rows) };
}

/**
 * Reads testimonies with their offers and people in one round trip: each statement finds the page again, which is
 * cheaper than a second one. `isNamed` is the condition on the testimony of the cursor.
 */
async function readWithOffers<Row>(
  db: Database,
  page: CursorPage,
  rows: Selection<Row> & SQLWrapper,
  isNamed: SQL | undefined,
) {
  const { id } = testimonies;
  const named = (name: string) =>
    db
      .select({ id })
      .from(testimonies)
      .where(and(eq(id, name), isNamed));
  const isOnPage = (column: "id" | "client_id") => sql`in (select ${sql.identifier(column)} from ${rows})`;
  const isOfPage = sql`${offers.testimonyId} ${isOnPage("id")}`;
  const experts = db.select({ id: offers.expertId }).from(offers).where(isOfPage);
  const read = await readAt(db, page, named, [
    rows,
    db.select().from(offers).where(isOfPage).orderBy(desc(offers.id)),
    db
      .select(userColumns)
      .from(users)
      .where(sql`${users.id} ${isOnPage("client_id")}`),
    db.select(userColumns).from(users).where(inArray(users.id, experts)),
  ]);
  if (!read) return undefined;
  const [found, theirOffers, clients, theirExperts] = read;
  const people = new Map([...clients, ...theirExperts].map((user) => [user.id, user]));
  return { rows: found, offers: theirOffers, people };
}
