/**
 * `npm run db:generate -- --name add-receipts`: writes the difference between src/db/schema.ts and the migrations as
 * SQL for D1. The result is a draft: read it, move data if a table is rebuilt, add triggers by hand.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fitForD1 } from "./fit-for-d1.ts";
import { root } from "./wrangler.ts";

const folder = resolve(root, "migrations");
const migrations = () => readdirSync(folder).filter((name) => name.endsWith(".sql"));

const before = new Set(migrations());
const drizzle = resolve(root, "node_modules/drizzle-kit/bin.cjs");
const args = [drizzle, "generate", "--config", "src/db/drizzle.config.ts", ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

for (const name of migrations().filter((one) => !before.has(one))) {
  const path = resolve(folder, name);
  writeFileSync(path, fitForD1(readFileSync(path, "utf8")));
  console.log(`migrations/${name} is fit for D1. Read it before you commit it.`);
}
