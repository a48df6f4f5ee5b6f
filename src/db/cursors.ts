import { eq, type SQL } from "drizzle-orm";
import type { Database } from "./database";
import { cursors } from "./schema";

/** Statement: the position up to which something was read; one row, or none yet. */
export function selectCursor(db: Database, name: string) {
  return db.select().from(cursors).where(eq(cursors.name, name));
}

type Position = NonNullable<(typeof cursors.$inferSelect)["position"]>;

/**
 * Writes the position up to which something was read, and the position inside the next span if its reading is under
 * way. `setWhere` is a condition that must still hold if another has written the cursor meanwhile.
 */
export function moveCursor(
  db: Database,
  name: string,
  value: number,
  position: Position | null = null,
  setWhere?: SQL,
) {
  const movedAt = Date.now();
  return db
    .insert(cursors)
    .values({ name, value, position, movedAt })
    .onConflictDoUpdate({ target: cursors.name, set: { value, position, movedAt }, ...(setWhere && { setWhere }) });
}

/** Deletes a cursor. */
export function dropCursor(db: Database, name: string) {
  return db.delete(cursors).where(eq(cursors.name, name));
}
