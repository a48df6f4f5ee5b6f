/**
 * `npm run restore:mark -- --to=2026-11-30T12:00:00Z`: records that the database was restored to that moment, through
 * the running server (BASE_URL, ADMIN_TOKEN); with `--remote`, in the database itself through wrangler, while nothing
 * is served. Exit code 2 if it could not be recorded.
 */
import { parseArgs } from "node:util";
import { markStatement } from "../db/mark-statement.ts";
import { askOperator } from "./operator.ts";
import { runWrangler } from "./wrangler.ts";

const { values } = parseArgs({ options: { to: { type: "string" }, remote: { type: "boolean", default: false } } });
const restoredToMs = Date.parse(values.to ?? "");
if (Number.isNaN(restoredToMs) || restoredToMs > Date.now() + 366 * 86_400_000) {
  console.error("Say to which moment the database was put back: npm run restore:mark -- --to=2026-11-30T12:00:00Z");
  process.exit(2);
}

await (values.remote
  ? markInDatabase()
  : askOperator("/restore", { restored_to: new Date(restoredToMs).toISOString() }));
console.log(`Marked: the database stands at ${new Date(restoredToMs).toISOString()}. Changes wait.`);
console.log("Next: npm run restore:recover");

async function markInDatabase(): Promise<void> {
  const command = markStatement(restoredToMs, Date.now()).replace(/\s+/g, " ");
  const { code } = await runWrangler(
    ["d1", "execute", "accord", "--remote", "--env=", "--yes", "--command", command],
    true,
  );
  if (code !== 0) process.exit(2);
}
