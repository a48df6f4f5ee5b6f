import { eq } from "drizzle-orm";
import type { Database } from "./database";
import { cursors } from "./schema";

/** How far something was read: one row, or none yet. */
export function selectCursor(db: Database, name: string) {
  return db.select().from(cursors).where(eq(cursors.name, name));
}

/** Writes down how far it was read now. */
export function moveCursor(db: Database, name: string, value: number) {
  return db.insert(cursors).values({ name, value }).onConflictDoUpdate({ target: cursors.name, set: { value } });
}
