import { and, desc, eq, inArray } from "drizzle-orm";
import { compiled } from "../compiled";
import type { Database } from "../database";
import { checkouts, offers, stripeObjects, testimonies } from "../schema";
import { type Offer, rowsOfTestimony, type Testimony } from "./testimonies";
import { type User, usersById } from "./users";

/** Statements that first read one testimony, in the round trip that authenticates. */

/** Statement: one testimony. */
export function testimonyById(db: Database, testimonyId: string) {
  return db.select().from(testimonies).where(eq(testimonies.id, testimonyId));
}

/** Statement: all offers of a testimony, newest first. */
export function offersOfTestimony(db: Database, testimonyId: string) {
  return db.select().from(offers).where(eq(offers.testimonyId, testimonyId)).orderBy(desc(offers.id));
}

/** Statements: all rows of the testimony that an offer belongs to. */
export function readsOfOffer(db: Database, offerId: string) {
  return readOfOffer(db, { offerId });
}

const readOfOffer = compiled((db, { offerId }: { offerId: string }) =>
  rowsOfTestimony(db, db.select({ id: offers.testimonyId }).from(offers).where(eq(offers.id, offerId))),
);

/** Statements: all rows of the testimony that the checkout with this session id belongs to. */
export function readsOfSession(db: Database, sessionId: string) {
  return readOfSession(db, { sessionId });
}

const readOfSession = compiled((db, { sessionId }: { sessionId: string }) =>
  rowsOfTestimony(db, idOfSession(db, sessionId)),
);

/** Statement: all of the checkout whose page has this session id, and when its offer was withdrawn. */
export function checkoutWithOffer(db: Database, sessionId: string) {
  return db
    .select({ checkout: checkouts, withdrawnAt: offers.withdrawnAt })
    .from(stripeObjects)
    .innerJoin(
      checkouts,
      and(eq(checkouts.testimonyId, stripeObjects.aggregateId), eq(checkouts.id, stripeObjects.subjectId)),
    )
    .innerJoin(offers, and(eq(offers.testimonyId, checkouts.testimonyId), eq(offers.id, checkouts.offerId)))
    .where(and(eq(stripeObjects.stripeId, sessionId), eq(checkouts.sessionId, sessionId)));
}

/** Statement: the testimony that such a checkout belongs to. */
export function testimonyOfSession(db: Database, sessionId: string) {
  return db
    .select()
    .from(testimonies)
    .where(inArray(testimonies.id, idOfSession(db, sessionId)));
}

function idOfSession(db: Database, sessionId: string) {
  return db.select({ id: stripeObjects.aggregateId }).from(stripeObjects).where(eq(stripeObjects.stripeId, sessionId));
}

/** Reads the users that testimonies and offers name, by id, in one round trip. Known users are not read again. */
export async function peopleOf(
  db: Database,
  testimonyList: readonly Testimony[],
  offerList: readonly Offer[],
  known: readonly User[],
): Promise<Map<string, User>> {
  const people = new Map(known.map((user) => [user.id, user]));
  const named = [
    ...testimonyList.flatMap(({ clientId, expertId }) => [clientId, ...(expertId === null ? [] : [expertId])]),
    ...offerList.map(({ expertId }) => expertId),
  ];
  const missing = [...new Set(named)].filter((userId) => !people.has(userId));
  // One statement can bind a hundred parameters.
  const statements = inChunks(missing, 100).map((userIds) => usersById(db, userIds));
  const [first, ...rest] = statements;
  const found = first ? await db.batch([first, ...rest]) : [];
  for (const user of found.flat()) people.set(user.id, user);
  return people;
}

function inChunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
