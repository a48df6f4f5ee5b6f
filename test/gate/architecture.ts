import { posix } from "node:path";
import { type Import, importsOf, resolvedImports } from "./imports.ts";

/** Sources by their path from the root of the repository, with forward slashes. */
export type Sources = Record<string, string>;

interface Rule {
  /** Other allowed folders of src. A file of the own folder is always allowed. */
  folders: string[];
  /** Packages by name, with everything under `name/`; `node:` stands for every builtin of Node. */
  packages: string[];
  /** Packages of which only the types are allowed. */
  types?: string[];
  /** Says why an import is refused although its folder is allowed, or in the console its own; undefined if it is allowed. */
  unless?: (target: string, from: string, one: Import) => string | undefined;
}

/** The import rules of each folder (src/guides/architecture.md). A folder that is not here may not exist. */
const rules: Record<string, Rule> = {
  domain: { folders: [], packages: [] },
  crypto: { folders: [], packages: ["node:crypto", "jose"] },
  db: { folders: ["domain"], packages: ["drizzle-orm"] },
  stripe: { folders: ["domain"], packages: ["stripe"] },
  mail: { folders: ["domain", "crypto"], packages: [] },
  webhooks: { folders: ["domain", "db", "crypto"], packages: [] },
  operations: { folders: ["domain", "db", "mail", "stripe"], packages: [] },
  durable: {
    // It orders commands, attempts and batches, and decides about none of them.
    folders: ["operations", "webhooks", "db", "container", "cost"],
    packages: ["cloudflare:workers"],
    unless: (target, _from, one) =>
      folderOf(target) !== "db" || one.typeOnly || target === "db/commit-queue"
        ? undefined
        : "an object queues batches, and knows no query",
  },
  http: {
    folders: ["domain", "operations", "db", "crypto"],
    packages: ["hono", "zod", "zod-openapi", "libphonenumber-js"],
    unless: (target, _from, one) => {
      if (target === "db/commit" || /^db\/(schema|(\w+\/)?([a-z]+-)?tables)$/.test(target)) {
        return "a route reads through named queries and writes never";
      }
      if (one.typeOnly) return undefined;
      if (target === "db/database") return "the container builds the database, a route is given it";
      if (folderOf(target) === "operations" && target !== "operations/perform") return "perform is the only door";
      return undefined;
    },
  },
  sandbox: {
    folders: ["index"],
    packages: ["hono", "cloudflare:workers", "node:crypto"],
    types: ["stripe"],
    unless: (target, from) =>
      target === "index" && from !== "sandbox" ? "only sandbox/index mounts the application" : undefined,
  },
  // Pages for people, made when the Worker is built, and the scripts that run in them.
  docs: { folders: [], packages: ["hono", "marked"] },
  // The operator's console, a pure client of the operator API. The journeys of the sandbox's console are told in a shell
  // as well, so they know neither the page nor a framework, and the other screens nothing but the operator API.
  console: {
    folders: [],
    packages: ["preact", "@preact/signals", "#operator", "#offers", "#payments", "#transfers", "jose"],
    unless: (target, from) => {
      const [room, aim] = [from, target].map((module) => module.split("/")[1]);
      if (room === "journeys") return aim === room ? undefined : "a journey is told without a page, too";
      return room !== "welcome" && ["journeys", "welcome"].includes(aim ?? "") ? "only the sandbox has it" : undefined;
    },
  },
  // What makes the typed clients when the Worker is built, and what stands in them: it needs nothing at all.
  client: { folders: [], packages: [] },
  cli: {
    folders: ["client", "db", "docs", "published-values"],
    packages: [
      "node:",
      "@zxcvbn-ts/language-common",
      "esbuild",
      "libphonenumber-js",
      "miniflare",
      "rolldown",
      "smol-toml",
      "terser",
      "wrangler",
    ],
    unless: (target) =>
      ["db/mark-statement", "published-values"].includes(target) || ["client", "docs"].includes(folderOf(target))
        ? undefined
        : "a program on a machine is no part of the Worker",
  },
};

/** The files of src itself may import everything, except what production must not contain. */
const wiring = [
  "index",
  "app",
  "documents",
  "env",
  "published-values",
  "setting-forms",
  "unsafe-settings",
  "container",
  "counters",
  "day-quota",
  "cost",
  "log",
  "near",
  "open-marked",
  "read-document",
];
const keptOutOfWiring = ["sandbox", "cli", "client", "docs", "console"];

/** drizzle-kit reads this file, which is no part of the Worker. */
const toolConfiguration = "src/db/drizzle.config.ts";

/** Lists every forbidden import of `sources`, one sentence each. */
export function forbiddenImports(sources: Sources): string[] {
  return filesOf(sources).flatMap(([path, source]) => {
    const from = moduleOf(path);
    return importsOf(source).flatMap((one) => {
      const reason = refusal(from, one, path);
      return reason ? [`${path} imports ${one.specifier}: ${reason}`] : [];
    });
  });
}

function refusal(from: string, one: Import, path: string): string | undefined {
  const own = folderOf(from);
  const rule = rules[own];
  if (one.specifier === "?") return "the path of an import is written out";
  if (!one.specifier.startsWith(".")) {
    return !rule || allowsPackage(rule, one) ? undefined : `${own} may not use this package`;
  }
  const target = moduleOf(posix.join(posix.dirname(path), one.specifier));
  if (target.startsWith("..")) return "src imports nothing from outside src";
  const folder = folderOf(target);
  if (!rule) return keptOutOfWiring.includes(folder) ? `production holds nothing of ${folder}` : undefined;
  if (folder === own) return own === "console" ? rule.unless?.(target, from, one) : undefined;
  return rule.folders.includes(folder) ? rule.unless?.(target, from, one) : `${own} may not know ${folder}`;
}

function allowsPackage(rule: Rule, { specifier, typeOnly }: Import): boolean {
  const names = typeOnly ? [...rule.packages, ...(rule.types ?? [])] : rule.packages;
  return names.some((name) => specifier === name || specifier.startsWith(name.endsWith(":") ? name : `${name}/`));
}

/** Lists files in a folder without rules, and files of src itself that are not wiring. */
export function homelessFiles(sources: Sources): string[] {
  return filesOf(sources)
    .map(([path]) => path)
    .filter((path) => {
      const folder = folderOf(moduleOf(path));
      return !(folder in rules) && !wiring.includes(moduleOf(path));
    });
}

/** Lists files of src that no entry leads to, by imports of any kind. */
export function unreachableFiles(sources: Sources, entries: string[]): string[] {
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of resolvedImports(sources, path)) visit(target);
  };
  entries.forEach(visit);
  return Object.keys(sources).filter(
    // Guides are for people; test/guides.test.ts checks them.
    (path) => path.startsWith("src/") && !path.endsWith(".md") && !reached.has(path) && path !== toolConfiguration,
  );
}

function filesOf(sources: Sources): [string, string][] {
  return Object.entries(sources).filter(
    ([path]) => path.startsWith("src/") && /\.tsx?$/.test(path) && path !== toolConfiguration,
  );
}

/** Returns the module of a path: `src/http/offers/index.ts` → `http/offers`, `src/index.ts` → `index`. */
export function moduleOf(path: string): string {
  const inside = path.startsWith("src/") ? path.slice(4) : path === "src" ? "index" : `../${path}`;
  const bare = inside.replace(/\.(?:tsx?|js|json)$/, "");
  return bare === "index" ? bare : bare.replace(/\/index$/, "");
}

function folderOf(module: string): string {
  return module.split("/")[0] ?? module;
}
