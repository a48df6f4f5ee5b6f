import { and, eq } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, type Part } from "../cursor-page";
import type { Database, Statement } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { notifications } from "../schema";

export type Notification = typeof notifications.$inferSelect;

/** Reads a page of a user's notifications, of one type if given. Returns undefined if the cursor is none of theirs. */
export function pageOfNotifications(
  db: Database,
  userId: string,
  { type, ...created }: CreatedRange & { type?: string | undefined },
  page: CursorPage,
): Promise<Part<Notification> | undefined> {
  const { id, createdAt } = notifications;
  const isTheirs = eq(notifications.userId, userId);
  const rows = lookThrough(db, notifications, page, {
    key: [id],
    owned: and(isTheirs, isIdCreatedIn(id, createdAt, created)),
    matches: type === undefined ? undefined : eq(notifications.type, type),
  });
  const named = (name: string) =>
    db
      .select({ id })
      .from(notifications)
      .where(and(isTheirs, eq(id, name)));
  return readLooked<Notification>(db, page, { named, rows }, (row) => row.id);
}

/** Makes the rows of a few notifications, for the batch of the change that they report. */
export function insertNotifications(db: Database, rows: Notification[]): Statement {
  return db.insert(notifications).values(rows);
}
