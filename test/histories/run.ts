/**
 * `npm run test:histories`: the long run. HISTORIES sets their number (200), HISTORY_STEPS their greatest length (25),
 * HISTORY_SEED and HISTORY_PATH repeat a failure, HISTORY_SHRINK=1 looks for a shorter one, HISTORY_GO_ON=1 continues
 * after a failure and reports all, HISTORY_LOCK=off removes the lock.
 */
import { startVitest } from "vitest/node";

const { HISTORIES, HISTORY_STEPS, HISTORY_SEED, HISTORY_PATH, HISTORY_SHRINK, HISTORY_GO_ON, HISTORY_LOCK } =
  process.env;
await startVitest("test", ["test/histories/histories.test.ts"], {
  project: HISTORY_LOCK === "off" ? "unlocked" : "isolated",
  watch: false,
  provide: {
    histories: {
      count: Number(HISTORIES ?? 200),
      steps: Number(HISTORY_STEPS ?? 25),
      ...(HISTORY_SEED ? { seed: Number(HISTORY_SEED) } : {}),
      ...(HISTORY_PATH ? { path: HISTORY_PATH } : {}),
      shrink: HISTORY_SHRINK === "1",
      keepsGoing: HISTORY_GO_ON === "1",
    },
  },
});
