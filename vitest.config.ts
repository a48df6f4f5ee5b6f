import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations("./migrations");

/** The long ones: every fault on every call, and a hundred racing confirmations twenty times over. */
const matrix = ["test/operations/faults/**/*.test.ts", "test/durable/accept-race.test.ts"];

/** Inside workerd, on real D1, objects and queues, with the sandbox's Stripe behind the real SDK. */
function inWorkerd() {
  return cloudflareTest({
    main: "./src/sandbox/index.ts",
    wrangler: { configPath: "./wrangler.toml", environment: "sandbox" },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: migrations,
        STRIPE_TIMEOUT_MS: "400",
        WEBHOOK_TIMEOUT_MS: "1000",
        SANDBOX_TICK: "off",
      },
      // A service binding to ourselves must be spelled out here: the name in wrangler.toml is not known to vitest.
      serviceBindings: {
        STRIPE: { name: kCurrentWorker, entrypoint: "StripeSandbox" },
        OUTSIDE: { name: kCurrentWorker, entrypoint: "Outside" },
        SELF: kCurrentWorker,
      },
    },
  });
}

/**
 * Three projects: `node` reads the repository itself; `worker` and `matrix` run inside workerd. `npm test` runs the first
 * two, `npm run test:matrix` the third.
 */
export default defineConfig({
  test: {
    // Each file has a workerd of its own beside the worker, and much of a test is waiting for it.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "node",
          include: ["test/*.test.ts", "test/stripe/oracle/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: ["test/*.test.ts", "test/stripe/oracle/**", "test/e2e/**", "test/bench/**", ...matrix],
          setupFiles: ["./test/setup.ts"],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: { name: "matrix", include: matrix, setupFiles: ["./test/setup.ts"], testTimeout: 120_000 },
      },
    ],
  },
});
