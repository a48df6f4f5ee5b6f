/**
 * `npm run test:histories`: the long run. HISTORIES says how many (200), HISTORY_STEPS how long at most (25),
 * HISTORY_SEED and HISTORY_PATH repeat a failure, HISTORY_SHRINK=1 looks for a shorter one, HISTORY_GO_ON=1 goes on after
 * a failure and tells of all, HISTORY_LOCK=off takes the lock away.
 */
import { startVitest } from "vitest/node";

const { HISTORIES, HISTORY_STEPS, HISTORY_SEED, HISTORY_PATH, HISTORY_SHRINK, HISTORY_GO_ON, HISTORY_LOCK } =
  process.env;
await startVitest("test", ["test/histories/histories.test.ts"], {
  project: HISTORY_LOCK === "off" ? "unlocked" : "apart",
  watch: false,
  provide: {
    histories: {
      count: Number(HISTORIES ?? 200),
      steps: Number(HISTORY_STEPS ?? 25),
      ...(HISTORY_SEED ? { seed: Number(HISTORY_SEED) } : {}),
      ...(HISTORY_PATH ? { path: HISTORY_PATH } : {}),
      shrink: HISTORY_SHRINK === "1",
      goOn: HISTORY_GO_ON === "1",
    },
  },
});
