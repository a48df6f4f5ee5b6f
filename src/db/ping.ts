import { sql } from "drizzle-orm";
import type { Database } from "./database";
import { cursors } from "./schema";

/** Asks the database for next to nothing, from a table that is there once migrations ran. Throws when it does not answer. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.batch([db.select({ one: sql<number>`1` }).from(cursors).limit(1)]);
}
