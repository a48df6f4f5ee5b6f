import { and, eq, isNotNull, isNull, lte, sql } from "drizzle-orm";
import { hasLink, type MailKind, mailLifetimeMs, mailRetryMs } from "../../domain/offers/mail";
import type { Database } from "../database";
import { mails, userEmails, users } from "../schema";
import { emailKey } from "./users";

export type MailRow = typeof mails.$inferSelect;

/** A mail that is to be sent. */
export interface NewMail {
  userId: string;
  kind: MailKind;
  address: string;
}

/** The key of a mail. */
export type MailKey = Pick<MailRow, "userId" | "id">;

/** Statement: a mail by its key. */
export function mailById(db: Database, { userId, id }: MailKey) {
  return db
    .select()
    .from(mails)
    .where(and(eq(mails.userId, userId), eq(mails.id, id)));
}

/** Makes the row of a new mail. `newId` names a mail that does not take the place of another. */
export function mailRow({ userId, kind, address }: NewMail, nowMs: number, newId: () => string): MailRow {
  const id = hasLink(kind) ? kind : newId();
  const times = { createdAt: nowMs, dueAt: nowMs, expiresAt: nowMs + mailLifetimeMs(kind) };
  return { userId, id, kind, address, linkHashes: [], attempts: 0, sentAt: null, ...times };
}

/** Statement: adds a mail, in the place of one with the same key unless that is younger than `sinceMs`. */
export function insertMail(db: Database, row: MailRow, sinceMs = row.createdAt) {
  return db
    .insert(mails)
    .values(row)
    .onConflictDoUpdate({ target: [mails.userId, mails.id], set: row, setWhere: lte(mails.createdAt, sinceMs) })
    .returning({ userId: mails.userId, id: mails.id });
}

/** Statement: ends the link of a mail. */
export function deleteMail(db: Database, { userId, id }: MailKey) {
  return db.delete(mails).where(and(eq(mails.userId, userId), eq(mails.id, id)));
}

/**
 * Statement: takes a mail for one attempt, adds the hash of the attempt's link, and sets the time of the next attempt.
 * Changes nothing, and returns nothing, if somebody else has taken or replaced it.
 */
export function claimMail(db: Database, mail: MailRow, linkHash: string, nowMs: number) {
  const attempts = mail.attempts + 1;
  return db
    .update(mails)
    .set({ attempts, dueAt: nowMs + mailRetryMs(attempts), linkHashes: [...mail.linkHashes, linkHash] })
    .where(and(isAsRead(mail), lte(mails.dueAt, nowMs), isNull(mails.sentAt)))
    .returning({ attempts: mails.attempts });
}

/** Statement: records that a mail was sent. */
export function markMailSent(db: Database, mail: MailRow, nowMs: number) {
  return db.update(mails).set({ sentAt: nowMs, dueAt: mail.expiresAt }).where(isAsRead(mail));
}

/** Tells whether a row is the mail that was read, and no attempt has been made since. */
function isAsRead({ userId, id, createdAt, attempts }: MailRow) {
  return and(eq(mails.userId, userId), eq(mails.id, id), eq(mails.createdAt, createdAt), eq(mails.attempts, attempts));
}

/** Statement: mails whose next attempt is due. */
export function selectDueMails(db: Database, nowMs: number, limit: number) {
  return db
    .select({ userId: mails.userId, id: mails.id })
    .from(mails)
    .where(and(lte(mails.dueAt, nowMs), isNull(mails.sentAt)))
    .orderBy(mails.dueAt)
    .limit(limit);
}

/** Deletes mails that were sent and have expired, at most `limit` at once. */
export function purgeMails(db: Database, nowMs: number, limit: number) {
  const over = db
    .select({ userId: mails.userId, id: mails.id })
    .from(mails)
    .where(and(lte(mails.dueAt, nowMs), isNotNull(mails.sentAt)))
    .limit(limit);
  return db.delete(mails).where(sql`(${mails.userId}, ${mails.id}) in ${over}`);
}

/** Statement: what a mail to the owner of an e-mail depends on. */
export function ownerOfEmail(db: Database, email: string) {
  return db
    .select({
      userId: users.id,
      address: users.email,
      emailVerified: users.emailVerified,
      suspendedAt: users.suspendedAt,
    })
    .from(userEmails)
    .innerJoin(users, eq(users.id, userEmails.userId))
    .where(eq(userEmails.email, emailKey(email)));
}

/** Reads the user for whom a link resets the password; undefined if there is none with this e-mail and link. */
export async function userOfResetLink(
  db: Database,
  { email, linkHash, nowMs }: { email: string; linkHash: string; nowMs: number },
): Promise<string | undefined> {
  const [[mail]] = await db.batch([
    db
      .select({ userId: mails.userId, linkHashes: mails.linkHashes, expiresAt: mails.expiresAt })
      .from(userEmails)
      .innerJoin(mails, and(eq(mails.userId, userEmails.userId), eq(mails.id, "reset-password" satisfies MailKind)))
      .where(eq(userEmails.email, emailKey(email))),
  ]);
  return mail && isOpenedBy(mail, linkHash, nowMs) ? mail.userId : undefined;
}

/** Tells whether the hash is that of a link in this mail which still works. */
export function isOpenedBy(
  { linkHashes, expiresAt }: Pick<MailRow, "linkHashes" | "expiresAt">,
  linkHash: string,
  nowMs: number,
): boolean {
  return nowMs < expiresAt && linkHashes.includes(linkHash);
}
