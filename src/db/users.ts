import { eq, getTableColumns, inArray } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { lastVersion } from "./position";
import { type Address, type Company, userEmails, userPhones, users } from "./schema";

/** A user without the password's hash. */
export type User = Omit<typeof users.$inferSelect, "passwordHash">;

/** What an expert registers with. */
export interface RegisteredExpert {
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
  /** ISO date. */
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

/** All columns but the password's hash: nothing that reads a user reads that. */
export const userColumns = columnsWithoutPassword();

/** Statement: the users of some ids; unknown ones are left out. */
export function usersById(db: Database, userIds: readonly string[]) {
  return db
    .select(userColumns)
    .from(users)
    .where(inArray(users.id, [...userIds]));
}

/** Statement: whose phone this is, among all users. */
export function ownerOfPhone(db: Database, phone: string) {
  return db.select({ userId: userPhones.userId }).from(userPhones).where(eq(userPhones.phone, phone));
}

/** What a login is checked against; undefined for an e-mail that nobody has. */
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

/** The one spelling under which an e-mail is unique. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}

/** Statements: a new user, with the directory rows that make e-mail and phone unique. The directory comes first: it refuses. */
export function insertUser(db: Database, user: typeof users.$inferInsert): Statement[] {
  return [
    db.insert(userEmails).values({ email: emailKey(user.email), userId: user.id }),
    ...(user.phone ? [db.insert(userPhones).values({ phone: user.phone, userId: user.id })] : []),
    db.insert(users).values(user),
  ];
}

/** A user as stored, and the version that the next change is decided on. */
export async function loadUser(db: Database, userId: string): Promise<{ user: User; version: number } | undefined> {
  const [[user], [last]] = await db.batch([usersById(db, [userId]), lastVersion(db, userId)]);
  return user && { user, version: last?.version ?? 0 };
}

/** Statements: writes the changed columns, and moves e-mail and phone in the directory. */
export function updateUser(
  db: Database,
  before: User,
  changes: Partial<Omit<typeof users.$inferInsert, "id">>,
): Statement[] {
  return [
    ...moveEmail(db, before, changes.email),
    ...movePhone(db, before, changes.phone),
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

function movePhone(db: Database, { id, phone }: User, next: string | null | undefined): Statement[] {
  if (next === undefined || next === phone) return [];
  return [
    ...(next === null ? [] : [db.insert(userPhones).values({ phone: next, userId: id })]),
    ...(phone === null ? [] : [db.delete(userPhones).where(eq(userPhones.phone, phone))]),
  ];
}

function columnsWithoutPassword() {
  const { passwordHash: _, ...columns } = getTableColumns(users);
  return columns;
}
