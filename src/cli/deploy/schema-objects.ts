import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** One table, index or trigger. */
export interface SchemaObject {
  type: string;
  name: string;
  sql: string;
}

/** Selects a database's schema in the order in which it was made, without the tables of SQLite and D1 themselves. */
export const schemaQuery = `SELECT type, name, sql FROM sqlite_master
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!'
  ORDER BY rowid`;

/** Reads the migrations of this checkout, in the order in which they are applied. */
export function migrationsIn(folder: string): { name: string; sql: string }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.sort().map((name) => ({ name, sql: readFileSync(join(folder, name), "utf8") }));
}

/** Returns the schema of a database after `migrations`, which are applied to an empty one in memory. */
export function schemaAfter(migrations: readonly { sql: string }[]): SchemaObject[] {
  const database = new DatabaseSync(":memory:");
  for (const { sql } of migrations) database.exec(sql);
  return database.prepare(schemaQuery).all() as unknown as SchemaObject[];
}

/** Lists the parts of `wanted` that are missing in `present`, by type and name. */
export function missingFrom(present: readonly SchemaObject[], wanted: readonly SchemaObject[]): SchemaObject[] {
  return wanted.filter((one) => !present.some(({ type, name }) => type === one.type && name === one.name));
}
