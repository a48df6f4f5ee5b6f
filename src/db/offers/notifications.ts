import { and, desc, eq, lt } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { notifications } from "../schema";

export type Notification = typeof notifications.$inferSelect;

/** Reads a user's notifications, newest first, older than `before` if given; at most `limit`. One round trip. */
export async function notificationsOf(
  db: Database,
  userId: string,
  { before, limit }: { before?: string; limit: number },
): Promise<Notification[]> {
  const older = before === undefined ? undefined : lt(notifications.id, before);
  const [found] = await db.batch([
    db
      .select()
      .from(notifications)
      .where(and(eq(notifications.userId, userId), older))
      .orderBy(desc(notifications.id))
      .limit(limit),
  ]);
  return found;
}

/** Makes the rows of a few notifications, for the batch of the change that they report. */
export function insertNotifications(db: Database, rows: Notification[]): Statement {
  return db.insert(notifications).values(rows);
}
