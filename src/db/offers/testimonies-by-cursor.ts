import { and, desc, eq, inArray, isNull, type SQL } from "drizzle-orm";
import { type CreatedRange, type CursorPage, type Part, readingOf, readPage } from "../cursor-page";
import type { Database } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { offers, testimonies, users } from "../schema";
import type { Testimony } from "./testimonies";
import {
  isOffered,
  isOfState,
  isOfTime,
  isOwn,
  isReachable,
  type OwnTestimonies,
  type TestimonyRows,
} from "./testimony-lists";
import { userColumns } from "./users";

/** Reads a page of a user's own testimonies, by cursor. Returns undefined if it is none of theirs. */
export function ownTestimoniesByCursor(
  db: Database,
  filter: OwnTestimonies,
  page: CursorPage,
): Promise<Part<Testimony> | undefined> {
  const { id } = testimonies;
  const rows = lookThrough(db, testimonies, page, {
    key: [id],
    owned: and(isOwn(filter), isOfTime(filter)),
    matches: isOfState(filter),
  });
  const named = (name: string) => selectNamed(db, name, isOwn(filter));
  return readLooked<Testimony>(db, page, { named, rows }, (row) => row.id);
}

/**
 * Reads a page of the testimonies for which experts of these regions may make offers, by cursor: of each region as many
 * as the page has, and the first of these. The cursor may have its offers by now. Returns undefined if it is none that
 * these experts could make offers for.
 */
export function offerableByCursor(
  db: Database,
  { regions, ...created }: CreatedRange & { regions: readonly string[] },
  page: CursorPage,
): Promise<Part<Testimony> | undefined> {
  const { id, region } = testimonies;
  const { where, orderBy, limit } = readingOf(page, [id]);
  const ofRegion = (isRegion: SQL) => {
    const part = db
      .select()
      .from(testimonies)
      .where(and(isOffered, isRegion, isOfTime(created), where));
    return db.select().from(
      part
        .orderBy(...orderBy)
        .limit(limit)
        .as("testimonies"),
    );
  };
  const parts = [isNull(region), ...regions.map((name) => eq(region, name))].map(ofRegion);
  const rows = parts.reduce((all, part) => all.unionAll(part as never) as never);
  return readPage<Testimony>(db, page, {
    named: (named) => selectNamed(db, named, isReachable(regions)),
    rows: rows.orderBy(...orderBy).limit(limit) as never,
  });
}

function selectNamed(db: Database, named: string, condition: SQL | undefined) {
  const { id } = testimonies;
  return db
    .select({ id })
    .from(testimonies)
    .where(and(eq(id, named), condition));
}

/** Reads the offers of testimonies, at most a hundred, and all users that they name. One round trip. */
export async function withOffers(db: Database, found: readonly Testimony[]): Promise<TestimonyRows> {
  const ids = found.map(({ id }) => id);
  if (ids.length === 0) return { testimonies: [], offers: [], people: new Map() };
  const clients = db.select({ id: testimonies.clientId }).from(testimonies).where(inArray(testimonies.id, ids));
  const ofThem = inArray(offers.testimonyId, ids);
  const experts = db.select({ id: offers.expertId }).from(offers).where(ofThem);
  const [theirOffers, ...people] = await db.batch([
    db.select().from(offers).where(ofThem).orderBy(desc(offers.id)),
    db.select(userColumns).from(users).where(inArray(users.id, clients)),
    db.select(userColumns).from(users).where(inArray(users.id, experts)),
  ]);
  const byId = new Map(people.flat().map((user) => [user.id, user]));
  return { testimonies: [...found], offers: theirOffers, people: byId };
}
