import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundle, bundleWorker } from "../src/cli/bundle-worker";
import { runWrangler } from "../src/cli/wrangler";

/** The limit of the compressed, minified Worker, which every isolate loads before its first answer. */
const limitBytes = 250_000;

interface Built extends Bundle {
  /** The output of wrangler, with the list of bindings and variables. */
  said: string;
}

const settings = readFileSync("wrangler.toml", "utf8");
const scratch = mkdtempSync(join(tmpdir(), "bundle-"));
let production: Built;
let sandbox: Built;
beforeAll(async () => {
  [production, sandbox] = await Promise.all([build("src/index.ts", ""), build("src/sandbox/index.ts", "sandbox")]);
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** Bundles a Worker, and lets wrangler take it as in a deployment. */
async function build(entry: string, environment: "" | "sandbox"): Promise<Built> {
  const bundle = await bundleWorker(entry, { minify: environment === "" });
  const path = join(scratch, environment || "production", "index.js");
  mkdirSync(dirname(path));
  writeFileSync(path, bundle.code);
  const { code: status, output } = await runWrangler([
    "deploy",
    path,
    "--no-bundle",
    "--config",
    "wrangler.toml",
    "--dry-run",
    `--env=${environment}`,
  ]);
  if (status !== 0) throw new Error(output);
  return { ...bundle, said: output };
}

/** Lists the imports that an `unused.ts` replaces. */
function replacedBy(folder: string): string[] {
  const replaced = settings.matchAll(/^"(.+)" = "\.\/src\/([\w/]+)\/(?:unused|no-resources)\.ts"$/gm);
  return [...replaced].flatMap(([, name, of]) => (name && of === folder ? name : []));
}

describe("the production bundle", () => {
  it(`weighs at most ${limitBytes / 1000} KB, compressed`, () => {
    const bytes = gzipSync(production.code).length;
    console.log(`production bundle: ${(bytes / 1000).toFixed(1)} KB gzipped, limit ${limitBytes / 1000} KB`);
    expect(bytes).toBeLessThanOrEqual(limitBytes);
  });

  // Each search also runs on the sandbox's bundle, because a search that finds nothing there proves nothing.
  it("is built of no module of the sandbox", () => {
    const foreign = (bundle: Built) =>
      bundle.inputs.filter((path) =>
        /(^|\/)(src\/sandbox|src\/cli|src\/console|node_modules\/@?preact|test)\//.test(path),
      );
    expect(foreign(sandbox)).toContain("src/sandbox/index.ts");
    expect(foreign(production)).toEqual([]);
  });

  it("holds nothing that makes descriptions", () => {
    expect(production.shipped).toContain("node_modules/zod/v4/core/schemas.js");
    const makers = /json-schema-(processors|generator)|to-json-schema|zod-openapi|src\/(documents|http\/openapi)/;
    expect(production.shipped.filter((path) => makers.test(path))).toEqual([]);
  });

  it("holds nothing that lets values contain themselves", () => {
    expect(production.inputs).toContain("src/http/no-memoizer.ts");
    expect(production.inputs).not.toContain("node_modules/zod/v4/core/memoizer.js");
  });

  it("holds nothing that only descriptions tell of a route", () => {
    const { paths } = JSON.parse(readFileSync("dist/assets/openapi.json", "utf8"));
    const operations = Object.values<object>(paths).flatMap((path) => Object.values(path));
    const texts: string[] = operations.flatMap(({ description }) => description ?? []);
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => production.code.includes(text))).toEqual([]);
  });

  it("holds none of the parts of Stripe's SDK that unused.ts stands for", () => {
    const parts = replacedBy("stripe").map((name) => name.replace("./", "node_modules/stripe/esm/"));
    expect(parts.length).toBeGreaterThan(10);
    expect(parts.filter((path) => !existsSync(path))).toEqual([]);
    expect(production.shipped).toContain("node_modules/stripe/esm/resources/PaymentIntents.js");
    expect(production.shipped.filter((path) => parts.includes(path))).toEqual([]);
  });

  it("holds none of the parts of Drizzle that unused.ts stands for", () => {
    const parts = /drizzle-orm\/(relations|pg-core\/.+|sqlite-core\/(columns\/all|query-builders\/(count|query)))\.js$/;
    expect(production.shipped).toContain("node_modules/drizzle-orm/sqlite-core/dialect.js");
    expect(production.shipped.filter((path) => parts.test(path))).toEqual([]);
  });

  it("holds no constraints of tables", () => {
    expect(production.shipped).toContain("src/db/transfers/tables.ts");
    expect(production.code).toContain("access_tokens");
    expect(production.code).not.toContain("access_tokens_expiry");
  });

  it.each([
    ["stripe", "node_modules/stripe/esm/"],
    ["db", "node_modules/drizzle-orm/"],
    ["http", "node_modules/hono/"],
    ["http/offers", "node_modules/libphonenumber-js/"],
  ])("replaces by src/%s/unused.ts modules of no other package", (folder, home) => {
    const replaced = replacedBy(folder);
    const users = Object.entries(production.imports).filter(([, names]) => names.some((one) => replaced.includes(one)));
    expect(users.length).toBeGreaterThan(1);
    expect(users.filter(([path]) => !path.startsWith(home)).map(([path]) => path)).toEqual([]);
  });

  it.each(["StripeEmulator", "StripeSandbox", "/sandbox/"])("does not know %s", (marker) => {
    expect(sandbox.code).toContain(marker);
    expect(production.code).not.toContain(marker);
  });

  it.each(["EMULATOR", "env.STRIPE ", "env.SELF", "env.SANDBOX", "admin_sandbox", "sk_test"])(
    "is not given %s",
    (marker) => {
      expect(sandbox.said).toContain(marker);
      expect(production.said).not.toContain(marker);
    },
  );
});

describe("the sandbox", () => {
  it("is never deployed to where it could be reached", () => {
    const sandboxSettings = settings.split("\n[env.sandbox]\n")[1] ?? "";
    expect(sandboxSettings).toMatch(/^workers_dev = false$/m);
    expect(sandboxSettings).toMatch(/^routes = \[\]$/m);
  });
});
