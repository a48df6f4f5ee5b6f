import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { unstable_readConfig } from "wrangler";
import { keepReached } from "./test/gate/keep-reached.ts";
import "./src/cli/build.ts"; // what wrangler does by itself before it bundles

const migrations = await readD1Migrations("./migrations");

/** Every fault on every call, a hundred racing confirmations again and again, and each second line of defence by itself. */
const faultInjection = [
  "test/operations/faults/**/*.test.ts",
  "test/durable/{accept-race,replaced-anywhere,transient-faults}.test.ts",
  "test/histories/*guards.test.ts",
];

/** What moves the clock over days again and again: two minutes that `npm test` does not have. */
const slow = [
  "test/operations/payments/{connected-accounts,payment-methods}.test.ts",
  "test/operations/stripe-events/stripe-events.test.ts",
  "test/operations/{simulated-day,stripe-fees}.test.ts",
  "test/operations/payments/customer-gone.test.ts",
  "test/operations/{forgotten-keys,stripe-calls,stripe-lists,words-about-keys}.test.ts",
  "test/operations/stripe-events/purged-events.test.ts",
  "test/operations/sweep/starvation.test.ts",
  "test/operations/payments/account-gone.test.ts",
  "test/operations/offers/payout-account.test.ts",
  "test/webhooks/stuck.test.ts",
  "test/operations/transfers/{races,settlement,sweep}.test.ts",
  "test/operations/payments/{authentication,cancelled-orders,delayed,disputes,events}.test.ts",
  "test/operations/payments/{manual-capture,money-still-here,orders,races,refunds}.test.ts",
  "test/operations/offers/{checkout-races,competing-payments,disputes,payout}.test.ts",
  "test/operations/offers/{partial-refunds,payment-returned,payout-release,release-payout}.test.ts",
  "test/operations/offers/{refund-testimony,start-checkout-again,unconfirmed-payment}.test.ts",
  "test/http/{identity-matrix,rotations}.test.ts",
  "test/http/offers/equal-answers.test.ts",
  "test/http/transfers/amounts.test.ts",
  "test/http/operator/attention/each-kind.test.ts",
  "test/http/nothing-kept.test.ts",
  "test/webhooks/{attempt-table,catalogue,messages}.test.ts",
];

/** Those that break the runtime itself, or hold the emulator to what is there from the start. */
const isolated = ["test/durable/**/*.test.ts", "test/histories/**/*.test.ts", "test/sandbox/**/*.test.ts"];

/**
 * Leaves out of the tests what the bundle leaves out of Stripe's SDK and of other packages: the parts that Accord never uses
 * are most of the modules that a test would load. The other aliases stay out, because tests read the API description.
 */
function withoutUnused(): Plugin {
  const { alias = {} } = unstable_readConfig({ config: "./wrangler.toml" });
  const stands = {
    stripe: "./src/stripe/",
    "drizzle-orm": "./src/db/",
    hono: "./src/http/unused.ts",
    "libphonenumber-js": "./src/http/offers/",
  };
  return {
    name: "without-unused",
    enforce: "pre",
    resolveId(from, importer) {
      const [, folder] = Object.entries(stands).find(([name]) => importer?.includes(`/node_modules/${name}/`)) ?? [];
      const stand = alias[from];
      return folder && stand?.startsWith(folder) ? resolve(import.meta.dirname, stand) : undefined;
    },
  };
}

/** What is computed from its input alone needs no runtime. */
const pure = ["test/domain/**/*.test.ts", "test/operations/payments/reduce-payment.test.ts"];

/** Inside workerd, on real D1, objects and queues, with the sandbox's Stripe behind the real SDK. */
function inWorkerd(main = "./src/sandbox/index.ts") {
  return cloudflareTest({
    main,
    wrangler: { configPath: "./wrangler.toml", environment: "sandbox" },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: migrations,
        TEST_SIZE: process.env.TEST_SIZE ?? "", // tests in workerd see these variables only
        STRIPE_TIMEOUT_MS: "400",
        WEBHOOK_TIMEOUT_MS: "1000",
        SANDBOX_TICK: "off",
        GROUP_COMMIT: process.env.GROUP_COMMIT ?? "off",
        GROUP_COMMIT_CALM_MS: "0", // every change goes into a group, because most tests make one at a time
        WEBHOOK_SEALING_KEYS: `tests:${btoa("another 32 bytes for the tests..")}`,
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

/** A busy machine is no failure. */
const patient = {
  setupFiles: ["./test/setup.ts"],
  testTimeout: 120_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 60_000 } },
};

/**
 * `node` reads the repository itself and computes what is pure; the others run inside workerd. `npm test` runs all but
 * `fault-injection` and `slow`, which have a command of their own: `npm run test:slow`.
 */
export default defineConfig({
  test: {
    // Each file has a workerd of its own beside the worker, and much of a test is waiting for it.
    maxWorkers: 3,
    reporters: ["default", keepReached],
    projects: [
      {
        test: {
          name: "node",
          include: ["test/*.test.ts", "test/stripe/oracle/**/*.test.ts", ...pure],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [withoutUnused(), inWorkerd()],
        test: {
          name: "worker",
          // Every test begins with a reset, so files can share a workerd: starting one costs more than many a file.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/*.test.ts",
            "test/stripe/oracle/**",
            ...pure,
            "test/e2e/**",
            "test/bench/**",
            ...isolated,
            ...faultInjection,
            ...slow,
          ],
          ...patient,
        },
      },
      {
        plugins: [withoutUnused(), inWorkerd()],
        test: { name: "slow", isolate: false, include: slow, ...patient },
      },
      {
        // The emulator is tried with the whole SDK.
        plugins: [inWorkerd()],
        test: { name: "isolated", include: isolated, exclude: faultInjection, ...patient },
      },
      {
        plugins: [withoutUnused(), inWorkerd()],
        test: { name: "fault-injection", include: faultInjection, ...patient },
      },
      {
        // The journal and the claims alone: an object that Cloudflare has replaced may go on beside its successor.
        plugins: [withoutUnused(), inWorkerd("./test/histories/unlocked.ts")],
        test: { name: "unlocked", include: ["test/histories/histories.test.ts"], ...patient },
      },
    ],
  },
});
