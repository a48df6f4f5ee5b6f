import { and, eq, getTableColumns, inArray, ne } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, pageById } from "../cursor-page";
import type { Database, Statement } from "../database";
import { lastVersion } from "../position";
import { type Address, type Company, userEmails, userPhones, users } from "../schema";

/** A user without the password's hash. */
export type User = Omit<typeof users.$inferSelect, "passwordHash">;

/** The data that an expert registers with. */
export interface RegisteredExpert {
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
  /** An ISO date. */
  dateOfBirth: string;
  billingAddress: Address;
  company: Company;
  bankAccount: { iban: string };
  registrationNumber: string;
  regions: string[];
}

/** A partial update: omitted members stay as they are. */
export interface ProfileChanges {
  email?: string;
  phone?: string | null;
  passwordHash?: string;
  firstName?: string | null;
  lastName?: string | null;
  billingAddress?: Address | null;
  shippingAddress?: Address | null;
  company?: Company | null;
  bankAccount?: { iban: string } | null;
  newsletterSubscribed?: boolean;
  regions?: string[];
}

export type { Address, Company };

/** All columns but the password's hash, which no read of a user contains. */
export const userColumns = columnsWithoutPassword();

/** Statement: the users with these ids; unknown ids are left out. */
export function usersById(db: Database, userIds: readonly string[]) {
  return db
    .select(userColumns)
    .from(users)
    .where(inArray(users.id, [...userIds]));
}

/** Reads a page of users; the one who has an e-mail if it is given. */
export async function pageOfUsers(
  db: Database,
  { email, ...created }: { email: string | undefined } & CreatedRange,
  page: CursorPage,
) {
  const owner = db
    .select({ userId: userEmails.userId })
    .from(userEmails)
    .where(eq(userEmails.email, emailKey(email ?? "")));
  const isOwner = email === undefined ? undefined : inArray(users.id, owner);
  const matches = and(isOwner, isIdCreatedIn(users.id, users.createdAt, created));
  const found = await pageById(db, users, { matches }, page);
  return found && { ...found, rows: found.rows.map(({ passwordHash: _, ...user }): User => user) };
}

/** Statement: keeps a user out since a moment, or lets the user in again. */
export function setSuspended(db: Database, userId: string, suspendedAt: number | null) {
  return db.update(users).set({ suspendedAt }).where(eq(users.id, userId));
}

/** Statement: the user who has paid with this phone. */
export function ownerOfPhone(db: Database, phone: string) {
  return db.select({ userId: userPhones.userId }).from(userPhones).where(eq(userPhones.phone, phone));
}

/** Statement: gives a phone to the user who has paid with it, unless another one has paid with it before. */
export function notePaidPhone(db: Database, phone: string, userId: string) {
  return db.insert(userPhones).values({ phone, userId }).onConflictDoNothing();
}

/**
 * Statement: writes nothing. It repeats the row of another user who has paid with this phone, which violates the
 * directory's key, and so refuses the batch. A phone that others only claim refuses nobody.
 */
function refusePaidByOther(db: Database, phone: string, userId: string) {
  const paid = db
    .select()
    .from(userPhones)
    .where(and(eq(userPhones.phone, phone), ne(userPhones.userId, userId)));
  return db.insert(userPhones).select(paid);
}

/** Reads the password hash that a login is checked against. Returns undefined for an unknown e-mail. */
export async function credentialsOf(
  db: Database,
  email: string,
): Promise<{ userId: string; passwordHash: string } | undefined> {
  const [[found]] = await db.batch([
    db
      .select({ userId: users.id, passwordHash: users.passwordHash })
      .from(userEmails)
      .innerJoin(users, eq(users.id, userEmails.userId))
      .where(eq(userEmails.email, emailKey(email))),
  ]);
  return found;
}

/** Returns the spelling under which an e-mail is unique. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}

/**
 * Makes the rows of a new user, with the directory row that makes the e-mail unique. The directory comes first, because
 * its constraints refuse.
 */
export function insertUser(db: Database, user: typeof users.$inferInsert): Statement[] {
  return [
    db.insert(userEmails).values({ email: emailKey(user.email), userId: user.id }),
    ...(user.phone ? [refusePaidByOther(db, user.phone, user.id)] : []),
    db.insert(users).values(user),
  ];
}

/** Loads a user, and the version that the next change is decided on. Returns undefined if the user does not exist. */
export async function loadUser(db: Database, userId: string): Promise<{ user: User; version: number } | undefined> {
  const [[user], [last]] = await db.batch([usersById(db, [userId]), lastVersion(db, userId)]);
  return user && { user, version: last?.version ?? 0 };
}

/** Makes the statements that write the changed columns, and update the e-mail in the directory. */
export function updateUser(
  db: Database,
  before: User,
  changes: Partial<Omit<typeof users.$inferInsert, "id">>,
): Statement[] {
  const { phone } = changes;
  return [
    ...moveEmail(db, before, changes.email),
    ...(phone && phone !== before.phone ? [refusePaidByOther(db, phone, before.id)] : []),
    db.update(users).set(changes).where(eq(users.id, before.id)),
  ];
}

function moveEmail(db: Database, { id, email }: User, next: string | undefined): Statement[] {
  if (next === undefined || emailKey(next) === emailKey(email)) return [];
  return [
    db.insert(userEmails).values({ email: emailKey(next), userId: id }),
    db.delete(userEmails).where(eq(userEmails.email, emailKey(email))),
  ];
}

function columnsWithoutPassword() {
  const { passwordHash: _, ...columns } = getTableColumns(users);
  return columns;
}
