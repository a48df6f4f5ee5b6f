import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root, runWrangler } from "./wrangler.ts";

/**
 * Applies this checkout's migrations to the sandbox database in `stateDir`. It records what it applied, because asking
 * wrangler costs more than a second at every start. Throws, saying what to do, if a migration was edited after it had
 * been applied or if one fails.
 */
export async function applyMigrations(stateDir: string): Promise<void> {
  const stamp = join(stateDir, "migrations.json");
  const wanted = fingerprints(resolve(root, "migrations"));
  const applied: Record<string, string> = existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : {};

  const edited = Object.keys(applied).find((name) => applied[name] !== wanted[name]);
  if (edited) {
    throw new Error(`${edited} has changed since it was applied to ${stateDir}. Start afresh: rm -rf ${stateDir}`);
  }
  if (Object.keys(wanted).every((name) => name in applied)) return;

  const { code, output } = await runWrangler(
    ["d1", "migrations", "apply", "DB", "--local", "--env", "sandbox", "--persist-to", stateDir],
    false,
  );
  if (code !== 0) throw new Error(`The migrations could not be applied to ${stateDir}.\n${output}`);
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(stamp, `${JSON.stringify(wanted, null, 2)}\n`);
}

function fingerprints(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return Object.fromEntries(
    names.sort().map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}
