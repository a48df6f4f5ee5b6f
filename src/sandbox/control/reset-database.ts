/**
 * Empties every table of the application, and returns how many rows were deleted. Triggers that forbid deleting (a
 * journal is append-only) are dropped and made again in the same transaction.
 */
export async function resetDatabase(db: D1Database): Promise<number> {
  const tables = await namesOf(db, "table");
  const triggers = await namesOf(db, "trigger");
  if (tables.length === 0) {
    return 0;
  }
  const results = await db.batch([
    db.prepare("PRAGMA defer_foreign_keys = on"),
    ...triggers.map(({ name }) => db.prepare(`DROP TRIGGER "${name}"`)),
    ...tables.map(({ name }) => db.prepare(`DELETE FROM "${name}"`)),
    ...triggers.map(({ sql }) => db.prepare(sql)),
  ]);
  return results
    .slice(1 + triggers.length, 1 + triggers.length + tables.length)
    .reduce((sum, result) => sum + (result.meta.changes ?? 0), 0);
}

async function namesOf(db: D1Database, type: "table" | "trigger"): Promise<{ name: string; sql: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT name, sql FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
       AND name <> 'd1_migrations' AND sql IS NOT NULL`,
    )
    .bind(type)
    .all<{ name: string; sql: string }>();
  return results;
}
