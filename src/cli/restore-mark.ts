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
const restoredToMs = /(Z|[+-]\d\d:\d\d)$/.test(values.to ?? "") ? Date.parse(values.to ?? "") : Number.NaN;
// The sandbox's clock may be ahead of this machine's, so the server judges there.
if (Number.isNaN(restoredToMs) || (values.remote && restoredToMs > Date.now())) {
  console.error("Say to which moment the database was put back: npm run restore:mark -- --to=2026-11-30T12:00:00Z");
  process.exit(2);
}

await (values.remote
  ? markInDatabase()
  : askOperator("/restore", { restored_to: new Date(restoredToMs).toISOString() }));
console.log(`Marked: the database stands at ${new Date(restoredToMs).toISOString()}. Changes wait.`);
console.log("Next: npm run restore:recover");

async function markInDatabase(): Promise<void> {
  const command = markStatement(restoredToMs, "unixepoch() * 1000").replace(/\s+/g, " ");
  const { code } = await runWrangler(
    ["d1", "execute", "accord", "--remote", "--env=", "--yes", "--command", command],
    true,
  );
  if (code !== 0) process.exit(2);
}
