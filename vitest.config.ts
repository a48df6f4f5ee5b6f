import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations("./migrations");

/** Two projects: `node` reads the repository itself, `worker` runs inside workerd on real D1, objects and queues. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/*.test.ts", "test/stripe/oracle/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
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
          }),
        ],
        test: {
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: ["test/*.test.ts", "test/stripe/oracle/**", "test/e2e/**", "test/bench/**"],
          setupFiles: ["./test/setup.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
