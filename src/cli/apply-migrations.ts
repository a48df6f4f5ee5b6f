import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Miniflare } from "miniflare";
import { root } from "./wrangler.ts";

type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/**
 * Applies this checkout's migrations to the sandbox database in `stateDir`, which `open` opens if one is missing, and
 * which is disposed of afterwards. Each is one batch, with the row by which wrangler knows it. A file records what was
 * applied, so that a start need not ask the database. Throws, saying what to do, if a migration was edited after it had been applied or if one fails.
 */
export async function applyMigrations(stateDir: string, open: () => Promise<Miniflare>): Promise<void> {
  const stamp = join(stateDir, "migrations.json");
  const texts = migrationTexts();
  const wanted = Object.fromEntries(texts.map(([name, text]) => [name, fingerprintOf(text)]));
  const applied: Record<string, string> = existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : {};

  const edited = Object.keys(applied).find((name) => applied[name] !== wanted[name]);
  if (edited) {
    throw new Error(`${edited} has changed since it was applied to ${stateDir}. Start afresh: rm -rf ${stateDir}`);
  }
  const missing = texts.filter(([name]) => !(name in applied));
  if (missing.length === 0) return;

  const databases = await open();
  try {
    await applyAll(await databases.getD1Database("DB"), missing);
  } finally {
    await databases.dispose();
  }
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(stamp, `${JSON.stringify(wanted, null, 2)}\n`);
}

/** Applies the migrations that the database does not know yet. */
async function applyAll(database: Database, migrations: readonly [name: string, text: string][]): Promise<void> {
  await database.prepare(tableOfMigrations).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const known = results.map(({ name }) => name);
  for (const [name, text] of migrations) if (!known.includes(name)) await applyOne(database, name, text);
}

async function applyOne(database: Database, name: string, text: string): Promise<void> {
  const queries = text.split("--> statement-breakpoint").filter((query) => query.trim() !== "");
  const record = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
  await database.batch([...queries.map((query) => database.prepare(query)), record]).catch((cause) => {
    throw new Error(`migrations/${name} could not be applied: ${cause}`, { cause });
  });
}

/** The table in which wrangler records what it has applied (Cloudflare D1, Migrations). */
const tableOfMigrations = `CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`;

function migrationTexts(): [name: string, text: string][] {
  const folder = resolve(root, "migrations");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}

function fingerprintOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
