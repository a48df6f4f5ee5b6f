import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { runtimeFiles } from "../src/client/make-client";
import { forbiddenImports, homelessFiles, type Sources, unreachableFiles } from "./gate/architecture";
import { circles, crossings, idleExceptions } from "./gate/grid";
import { importsOf } from "./gate/imports";

const folders = ["src", "test", "migrations", ".ci"];
const paths = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".gitkeep")
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/"))
    // Files that runs leave behind are not part of the tree.
    .filter((path) => !/\/(\.wrangler|node_modules|screenshots)\//.test(path) && !path.endsWith(".webp")),
);
const sources: Sources = Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
const inSrc = paths.filter((path) => path.startsWith("src/"));

/**
 * The entries where execution begins: the two Workers, the documents made with them, the programs that package.json
 * names, what the pages load, and what stands in the typed clients.
 */
const entries = [
  "src/index.ts",
  "src/sandbox/index.ts",
  "src/documents.ts",
  "src/http/no-json-schema.ts",
  "src/http/no-locale.ts",
  "src/http/no-memoizer.ts",
  "src/http/not-described.ts",
  "src/http/offers/unused.ts",
  "src/http/unused.ts",
  "src/db/no-constraints.ts",
  "src/db/unused.ts",
  "src/stripe/no-resources.ts",
  "src/stripe/unused.ts",
  ...readFileSync("package.json", "utf8").match(/src\/cli\/[a-z-]+\.ts/g)!,
  ...runtimeFiles.map((name) => `src/client/runtime/${name}.ts`),
  ...readFileSync("src/cli/make-pages.ts", "utf8").match(/src\/docs\/[a-z/-]+\.(ts|css|json)/g)!,
  ...readFileSync("src/docs/site.css", "utf8")
    .match(/(?<=@import url\(")[a-z]+\.css/g)!
    .map((name) => `src/docs/${name}`),
  ...["index.tsx", "tsconfig.json", "welcome/index.tsx"].map((name) => `src/console/${name}`),
  ...paths.filter((path) => /^src\/console\/.*\.css$/.test(path)), // named by @import in the index.css of their folder
];

describe("the tree", () => {
  it("imports only what its place allows", () => expect(forbiddenImports(sources)).toEqual([]));
  it("has no file without a place", () => expect(homelessFiles(sources)).toEqual([]));
  it("has no file that nothing leads to", () => expect(unreachableFiles(sources, entries)).toEqual([]));

  it("keeps its products apart inside each layer", () => expect(crossings(sources)).toEqual([]));
  it("needs every exception that it makes", () => expect(idleExceptions(sources)).toEqual([]));
  it("imports in no circle, types included", () => expect(circles(sources)).toEqual([]));
  it("has its tests in the same grid", () => {
    const beside = ["faults", "lists", "restore", "sweep"]; // common to all products
    const roomsOf = (tree: string) =>
      paths.flatMap((path) => new RegExp(`^${tree}/((?:http|operations|db|domain)/[\\w-]+)/`).exec(path)?.[1] ?? []);
    const strange = roomsOf("test").filter((room) => !roomsOf("src").includes(room));
    expect(strange.filter((room) => !beside.includes(room.split("/")[1] ?? ""))).toEqual([]);
  });

  it("names files in kebab-case, for what they hold", () => {
    const words = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
    const vague = /(^|-)(utils?|helpers?|common|managers?|misc|shared|lib|stuff)(-|$)/;
    const parts = (path: string) => path.split("/").map((part) => part.replace(/\..*$/, ""));
    const named = paths.filter((path) => !path.startsWith("migrations/"));
    expect(named.filter((path) => !path.split("/").every((part) => words.test(part)))).toEqual([]);
    expect(named.filter((path) => parts(path).some((part) => vague.test(part)))).toEqual([]);
  });
});

describe("the text", () => {
  const linesWith = (pattern: RegExp, where = paths) =>
    where.flatMap((path) =>
      (sources[path] ?? "")
        .split("\n")
        .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
  // Spelled in pieces, so that this file does not find itself.
  const word = (...pieces: string[]) => pieces.join("");

  it("leaves nothing for later", () => {
    expect(linesWith(new RegExp(`\\b(${word("TO", "DO")}|${word("FIX", "ME")}|${word("XX", "X")})\\b`))).toEqual([]);
  });
  it("runs every test", () => {
    expect(linesWith(/\b(it|test|describe)(\.\w+)*\.(only|skip|todo|fails)\(/)).toEqual([]);
  });
  it("names no machine", () => {
    expect(linesWith(/(^|["'`\s(=:])\/(home|root|Users|work)\/\w/)).toEqual([]);
  });
  it("never calls Drizzle's transaction, which D1 always refuses", () => {
    expect(linesWith(/\.transaction\(/, inSrc)).toEqual([]);
  });
});

describe("the rules themselves", () => {
  const planted: [path: string, source: string, allowed: boolean][] = [
    ["src/domain/money.ts", `import { one } from "./currency";`, true],
    ["src/domain/money.ts", `import { z } from "zod";`, false],
    ["src/domain/money.ts", `import { sign } from "../crypto/hmac";`, false],
    ["src/domain/money.ts", `import type { Row } from "../db/schema";`, false],
    ["src/domain/money.ts", `export { clock } from "../container";`, false],
    ["src/client/runtime/ask.ts", `import { secondsOf } from "./pause";`, true],
    ["src/client/runtime/ask.ts", `import { money } from "../../domain/money";`, false],
    ["src/client/runtime/ask.ts", `import { randomUUID } from "node:crypto";`, false],
    ["src/http/offers/index.ts", `import { makeClient } from "../../client/make-client";`, false],
    ["src/app.ts", `import { makeClient } from "./client/make-client";`, false],
    ["src/console/journeys/offers.ts", `import { must } from "./check.ts";`, true],
    ["src/console/journeys/offers.ts", `import { operator } from "../api";`, false],
    ["src/console/welcome/index.tsx", `import "./add-screen";\nimport "../index";`, true],
    ["src/console/welcome/telling.ts", `import { journeys } from "../journeys/journeys";`, true],
    ["src/console/routes.tsx", `import { WelcomeScreen } from "./welcome/screen";`, false],
    ["src/console/shell.tsx", `import { journeys } from "./journeys/journeys";`, false],
    ["src/crypto/hmac.ts", `import { timingSafeEqual } from "node:crypto";`, true],
    ["src/crypto/hmac.ts", `import { money } from "../domain/money";`, false],
    ["src/db/offers/users.ts", `import { eq } from "drizzle-orm";\nimport { drizzle } from "drizzle-orm/d1";`, true],
    ["src/db/offers/users.ts", `import { defineConfig } from "drizzle-kit";`, false],
    ["src/db/offers/users.ts", `import { accept } from "../../operations/offers/accept-offer";`, false],
    ["src/stripe/client.ts", `import Stripe from "stripe";\nimport { money } from "../domain/money";`, true],
    ["src/stripe/client.ts", `import type Stripe from "stripe";`, true],
    ["src/stripe/client.ts", `import { commit } from "../db/commit";`, false],
    [
      "src/webhooks/sign.ts",
      `import { hmac } from "../crypto/hmac";\nimport { due } from "../db/webhooks/deliveries";`,
      true,
    ],
    ["src/webhooks/sign.ts", `import { sweep } from "../operations/sweep";`, false],
    [
      "src/operations/sweep.ts",
      `import { commit } from "../db/commit";\nimport type { G } from "../stripe/client";`,
      true,
    ],
    ["src/operations/sweep.ts", `import type { Context } from "hono";`, false],
    ["src/operations/sweep.ts", `import { attempt } from "../webhooks/attempt";`, false],
    ["src/operations/sweep.ts", `import Stripe from "stripe";`, false],
    ["src/operations/payments/pay.ts", `import { render } from "../../http/operator/objects";`, false],
    [
      "src/durable/sequencer.ts",
      `import { DurableObject } from "cloudflare:workers";\nimport { buildDeps } from "../container";`,
      true,
    ],
    ["src/durable/sequencer.ts", `import { money } from "../domain/money";`, false],
    ["src/http/offers/accept-offer.ts", `import { Hono } from "hono";\nimport * as z from "zod";`, true],
    ["src/http/offers/accept-offer.ts", `import { offerById } from "../../db/offers/testimonies";`, true],
    ["src/http/offers/accept-offer.ts", `import { perform } from "../../operations/perform";`, true],
    ["src/http/offers/accept-offer.ts", `import type { Command } from "../../operations/operations";`, true],
    ["src/http/offers/accept-offer.ts", `import { type A, type B } from "../../operations/operations";`, true],
    ["src/http/offers/accept-offer.ts", `import { type A, b } from "../../operations/operations";`, false],
    ["src/http/offers/accept-offer.ts", `import { accept } from "../../operations/offers/accept-offer";`, false],
    ["src/http/offers/accept-offer.ts", `import type { Row } from "../../db/schema";`, false],
    ["src/http/offers/accept-offer.ts", `import type { Row } from "../../db/offers/tables";`, false],
    ["src/http/offers/accept-offer.ts", `import type { Row } from "../../db/payments/developer-tables";`, false],
    ["src/http/offers/accept-offer.ts", `import { commit } from "../../db/commit";`, false],
    ["src/http/offers/accept-offer.ts", `import type { Database } from "../../db/database";`, true],
    ["src/http/offers/accept-offer.ts", `import { connect } from "../../db/database";`, false],
    ["src/http/offers/accept-offer.ts", `import { eq } from "drizzle-orm";`, false],
    ["src/http/offers/accept-offer.ts", `import { refund } from "../../stripe/payments";`, false],
    ["src/http/offers/accept-offer.ts", `const { commit } = await import("../../db/commit");`, false],
    ["src/http/offers/accept-offer.ts", `const { x } = await import(name);`, false],
    ["src/http/offers/accept-offer.ts", `import "../../db/commit";`, false],
    ["src/http/offers/accept-offer.ts", `import {\n  a,\n  b,\n} from "../../db/commit";`, false],
    ["src/http/offers/accept-offer.ts", `// import { commit } from "../../db/commit";`, true],
    ["src/http/offers/accept-offer.ts", 'const example = `\nimport { commit } from "../../db/commit";\n`;', true],
    ["src/http/dialect.ts", `const url = "https://x"; import { commit } from "../db/commit";`, false],
    ["src/http/dialect.ts", `import { readEnv } from "../env";`, false],
    ["src/sandbox/index.ts", `import application from "../index";`, true],
    ["src/sandbox/emulator.ts", `import application from "../index";`, false],
    ["src/sandbox/index.ts", `import { money } from "../domain/money";`, false],
    ["src/sandbox/emulator.ts", `import type Stripe from "stripe";`, true],
    ["src/sandbox/emulator.ts", `import Stripe from "stripe";`, false],
    ["src/cli/deploy.ts", `import { spawn } from "node:child_process";`, true],
    ["src/cli/deploy.ts", `import { readEnv } from "../env";`, false],
    ["src/cli/doctor.ts", `import { openStripe } from "../stripe/client";`, false],
    ["src/container.ts", `import { drizzle } from "drizzle-orm/d1";\nimport { x } from "./stripe/client";`, true],
    ["src/container.ts", `import { StripeEmulator } from "./sandbox/emulator";`, false],
    ["src/index.ts", `import { start } from "../test/e2e/server";`, false],
  ];
  it.each(planted)("%s: %s", (path, source, allowed) => {
    expect(forbiddenImports({ [path]: source }).length === 0).toBe(allowed);
  });

  it("knows every folder of src", () => {
    expect(
      homelessFiles({
        "src/shared/money.ts": "",
        "src/money.ts": "",
        "src/app.ts": "",
      }),
    ).toEqual(["src/shared/money.ts", "src/money.ts"]);
  });

  const across: [from: string, to: string, allowed: boolean][] = [
    ["src/operations/offers/pay.ts", "src/operations/payments/refuse.ts", false],
    ["src/operations/offers/pay.ts", "src/db/payments/orders.ts", false],
    ["src/operations/offers/pay.ts", "src/operations/offers/users/register.ts", true],
    ["src/operations/offers/pay.ts", "src/operations/change.ts", true],
    ["src/operations/offers/pay.ts", "src/domain/webhooks/event.ts", true],
    ["src/operations/change.ts", "src/operations/offers/pay.ts", false],
    ["src/operations/operations.ts", "src/operations/offers/pay.ts", true],
    ["src/http/operator/refund.ts", "src/db/offers/testimonies.ts", true],
    ["src/http/offers/refund.ts", "src/http/operator/dialect.ts", false],
    ["src/http/status/view-root.ts", "src/http/problem/dialect.ts", true],
    ["src/db/pricing/rates.ts", "src/db/schema.ts", false],
  ];
  it.each(across)("%s, which imports %s", (from, to, allowed) => {
    const specifier = relative(dirname(from), to)
      .replace(/\.ts$/, "")
      .replace(/^(?!\.)/, "./");
    const planted = { [from]: `import type { X } from "${specifier}";`, [to]: "" };
    expect(crossings(planted).length === 0).toBe(allowed);
  });

  it("finds circles of types, and through several files", () => {
    const files = {
      "src/a.ts": `import { b } from "./b";`,
      "src/b.ts": `import type { C } from "./c";`,
      "src/c.ts": `const a = await import("./a");`,
      "src/d.ts": `import { a } from "./a";`,
    };
    expect(circles(files)).toEqual(["src/a.ts → src/b.ts → src/c.ts"]);
  });

  it("follows imports of every kind", () => {
    const files = {
      "src/index.ts": `import { a } from "./a";\nexport * from "./b";\nconst c = import("./c");`,
      "src/a.ts": "",
      "src/b/index.ts": `import type { D } from "../d";`,
      "src/c.ts": "",
      "src/d.ts": "",
      "src/dead.ts": "",
    };
    expect(unreachableFiles(files, ["src/index.ts"])).toEqual(["src/dead.ts"]);
  });

  it("reads imports after templates, regular expressions and braces", () => {
    const source = `const t = \`a \${{ b: \`\${1}\` }} "\`;\nconst r = /["'\`]/.test(x);\nimport { q } from "./q";`;
    expect(importsOf(source)).toEqual([{ specifier: "./q", typeOnly: false }]);
  });
});
