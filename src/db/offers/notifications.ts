import { and, eq, getTableColumns } from "drizzle-orm";
import { type Scanned, scanPage } from "../bounded-scan";
import { type CreatedRange, type CursorPage, isIdCreatedIn } from "../cursor-page";
import type { Database, Statement } from "../database";
import { notifications } from "../schema";

export type Notification = typeof notifications.$inferSelect;

/** Reads a page of a user's notifications, of one type if given. Returns undefined if the cursor is none of theirs. */
export function pageOfNotifications(
  db: Database,
  userId: string,
  { type, ...created }: CreatedRange & { type?: string | undefined },
  page: CursorPage,
): Promise<Scanned<Notification> | undefined> {
  const { id, createdAt } = notifications;
  const isTheirs = eq(notifications.userId, userId);
  const wanted = {
    table: notifications,
    listed: and(isTheirs, isIdCreatedIn(id, createdAt, created)),
    matches: type === undefined ? undefined : eq(notifications.type, type),
    columns: [id],
    fields: getTableColumns(notifications),
  };
  return scanPage<Notification>(db, page, wanted, (named) =>
    db
      .select({ id })
      .from(notifications)
      .where(and(isTheirs, eq(id, named))),
  );
}

/** Makes the rows of a few notifications, for the batch of the change that they report. */
export function insertNotifications(db: Database, rows: Notification[]): Statement {
  return db.insert(notifications).values(rows);
}
