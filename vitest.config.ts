import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";
import "./src/cli/build.ts"; // what wrangler does by itself before it bundles

const migrations = await readD1Migrations("./migrations");

/** The long ones: every fault on every call, and a hundred racing confirmations twenty times over. */
const matrix = ["test/operations/faults/**/*.test.ts", "test/durable/accept-race.test.ts"];

/** Those that break the runtime itself, or hold the emulator to what is there from the start. */
const apart = ["test/durable/**/*.test.ts", "test/histories/**/*.test.ts", "test/sandbox/**/*.test.ts"];

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
 * `node` reads the repository itself; the others run inside workerd. `npm test` runs all but `matrix`, which has a command
 * of its own: `npm run test:matrix`.
 */
export default defineConfig({
  test: {
    // Each file has a workerd of its own beside the worker, and much of a test is waiting for it.
    maxWorkers: 3,
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
          // Every test begins with a reset, so files can share a workerd: starting one costs more than many a file.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/*.test.ts", "test/stripe/oracle/**", "test/e2e/**", "test/bench/**", ...apart, ...matrix],
          setupFiles: ["./test/setup.ts"],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: { name: "apart", include: apart, exclude: matrix, setupFiles: ["./test/setup.ts"], testTimeout: 30_000 },
      },
      {
        plugins: [inWorkerd()],
        test: { name: "matrix", include: matrix, setupFiles: ["./test/setup.ts"], testTimeout: 120_000 },
      },
    ],
  },
});
