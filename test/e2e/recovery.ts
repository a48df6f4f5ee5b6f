/**
 * `npm run drill:recovery`: drills late, bulky and stuck work against a sandbox of its own. Prints what happened; exits
 * 1 if a bound is broken. Bounds are times of the sandbox's clock and runs of the sweep. `--size=full|small`,
 * `--only=<name>`
 */
import { parseArgs } from "node:util";
import { drillLists } from "./recovery/lists.ts";
import { drillOutage } from "./recovery/outage.ts";
import { drillStuck } from "./recovery/stuck.ts";
import { type SandboxServer, startServer } from "./server.ts";

const sizes = { full: { calls: 3_600, looks: 2, lists: true }, small: { calls: 60, looks: 1, lists: false } };

type Drill = (server: SandboxServer, print: (line: string) => void) => Promise<void>;

const { values } = parseArgs({ options: { size: { type: "string", default: "full" }, only: { type: "string" } } });
const size = values.size === "small" ? sizes.small : sizes.full;

const drills: Record<string, Drill> = {
  "an outage": (server, print) => drillOutage(server, print, size),
  "what nobody can settle": drillStuck,
  ...(size.lists ? { "long lists": drillLists } : {}),
};

const server = await startServer();
let failed = false;
for (const [name, drill] of Object.entries(drills)) {
  if (values.only !== undefined && values.only !== name) continue;
  const sinceMs = Date.now();
  console.log(`${name}:`);
  try {
    await drill(server, (line) => console.log(`  ${line}`));
    console.log(`  ok (${((Date.now() - sinceMs) / 1000).toFixed(0)} s)`);
  } catch (error) {
    failed = true;
    console.error(`  FAILED: ${error instanceof Error ? error.message : error}`);
  }
}
if (failed) {
  console.log(`The data stays in ${server.stateDir}`);
  await server.stop();
} else {
  await server.remove();
}
process.exitCode = failed ? 1 : 0;
