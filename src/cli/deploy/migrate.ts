import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloudflare } from "./cloudflare.ts";
import { type FoundDatabase, findDatabase } from "./look-around.ts";
import { Refused } from "./refused.ts";
import { missingFrom, type SchemaObject } from "./schema-objects.ts";

export interface Migrating {
  cloudflare: Cloudflare;
  /** The database's name or id. wrangler finds it by its binding, DB. */
  database: string;
  migrations: readonly { name: string; sql: string }[];
  /** The schema that the database must have afterwards. */
  schema: readonly SchemaObject[];
  /** Runs wrangler, showing its output, and returns whether it succeeded. */
  wrangler: (args: string[]) => Promise<boolean>;
}

/**
 * Applies the migrations and proves that every table, index and trigger exists: the ledger's invariants depend on the
 * triggers. D1 splits what `d1 migrations apply` sends into statements by itself, and public reports (workers-sdk
 * issues 10998, 15314, 15690) describe triggers that this loses or refuses. An imported file is not split, so what is
 * missing is imported, once. Refuses if it is still missing.
 */
export async function migrate(migrating: Migrating): Promise<void> {
  const wasEmpty = (await look(migrating)).migrations.length === 0;
  const applied = await migrating.wrangler(["d1", "migrations", "apply", "DB", "--remote", "--env="]);
  const now = await look(migrating);
  const missing = missingFrom(now.objects, migrating.schema);
  if (!applied && !wasEmpty) {
    throw new Refused("The migrations could not be applied. The release that runs is untouched; repair what D1 says.");
  }
  if (applied && missing.length === 0) return;

  console.log(`Missing after the migrations: ${namesOf(missing)}. Importing that as a file, which D1 takes whole.`);
  await importSql(migrating, sqlOf(missing, migrating, now));
  const left = missingFrom((await look(migrating)).objects, migrating.schema);
  if (left.length > 0) {
    throw new Refused(
      `The database lacks ${namesOf(left)}. Nothing is served from it before it is whole, so the Worker was not deployed.`,
    );
  }
}

/**
 * Makes the SQL that adds `missing`: the migrations as they are if everything is missing, and the record that they were
 * applied.
 */
function sqlOf(missing: readonly SchemaObject[], { migrations, schema }: Migrating, now: FoundDatabase): string {
  const statements = missing.length === schema.length ? migrations : missing.map(({ sql }) => ({ sql: `${sql};` }));
  const untold = migrations.filter(({ name }) => !now.migrations.includes(name));
  return [
    ...statements.map(({ sql }) => sql),
    // The table in which wrangler records them, in wrangler's form.
    "CREATE TABLE IF NOT EXISTS d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL);",
    ...untold.map(({ name }) => `INSERT INTO d1_migrations (name) VALUES ('${name.replaceAll("'", "''")}');`),
  ].join("\n");
}

async function importSql({ wrangler }: Migrating, sql: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "accord-import-"));
  try {
    const file = join(folder, "schema.sql");
    writeFileSync(file, sql);
    await wrangler(["d1", "execute", "DB", "--remote", "--env=", "--yes", "--file", file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function look({ cloudflare, database }: Migrating): Promise<FoundDatabase> {
  const found = await findDatabase(cloudflare, database);
  if (found === undefined) throw new Refused(`The database ${database} is not there any more.`);
  return found;
}

function namesOf(objects: readonly SchemaObject[]): string {
  const names = objects.slice(0, 7).map(({ type, name }) => `${type} ${name}`);
  return objects.length > names.length
    ? `${names.join(", ")} and ${objects.length - names.length} more`
    : names.join(", ");
}
