import { eq, type SQL } from "drizzle-orm";
import type { Database } from "./database";
import { cursors } from "./schema";

/** How far something was read: one row, or none yet. */
export function selectCursor(db: Database, name: string) {
  return db.select().from(cursors).where(eq(cursors.name, name));
}

type Position = NonNullable<(typeof cursors.$inferSelect)["position"]>;

/**
 * Writes down how far it was read now, and where the span that follows stands if its reading is under way. `setWhere`: what
 * must still be true, should somebody else have set it meanwhile.
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

/** Forgets how far something was read. */
export function dropCursor(db: Database, name: string) {
  return db.delete(cursors).where(eq(cursors.name, name));
}
