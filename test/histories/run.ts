/**
 * `npm run test:histories`: the long run. HISTORIES says how many (200), HISTORY_STEPS how long at most (25),
 * HISTORY_SEED and HISTORY_PATH repeat a failure, HISTORY_SHRINK=1 looks for a shorter one.
 */
import { spawnSync } from "node:child_process";

const names = ["HISTORIES", "HISTORY_STEPS", "HISTORY_SEED", "HISTORY_PATH", "HISTORY_SHRINK"];
const knobs = { HISTORIES: "200", HISTORY_STEPS: "25", ...process.env } as Record<string, string | undefined>;
const renamed = names.filter((name) => knobs[name]).map((name) => [`VITE_${name}`, knobs[name]]);
const { status } = spawnSync("vitest", ["run", "--project", "worker", "test/histories"], {
  stdio: "inherit",
  env: { ...process.env, ...Object.fromEntries(renamed) },
});
process.exit(status ?? 1);
