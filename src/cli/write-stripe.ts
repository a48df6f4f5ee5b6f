import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { resources } from "../stripe/resources.ts";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

/**
 * Writes Stripe's SDK with the resources and methods of src/stripe/resources.ts and no others: its client constructs
 * every one that Stripe has, so that no bundler could leave any out. Throws where the SDK's sources are not as expected.
 */
export async function writeStripe(): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: 'export { default } from "stripe";', resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd"],
    plugins: [leaveOut],
  });
  replaceFile(resolve(root, "dist/stripe.js"), outputFiles[0]?.text ?? "");
}

const leaveOut: Plugin = {
  name: "leave-out",
  setup({ onLoad, onResolve }) {
    // Its classes are made with effects that no bundler sees through.
    onResolve({ filter: /\/Decimal\.js$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      sideEffects: false,
    }));
    onLoad({ filter: /stripe[\\/]esm[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const file = path.replaceAll("\\", "/").split("/stripe/esm/")[1] ?? "";
      return { contents: trim(file, source) };
    });
  },
};

/** One module of the SDK without what we do not use. What nothing names any more, the bundler drops. */
export function trim(file: string, source: string): string {
  if (file === "stripe.core.js") return trimClient(source);
  if (file === "StripeResource.js") return without(requestRemovals, source);
  const name = names.find((name) => fileOf(name) === file);
  return name ? trimResource(source, resources[name]) : source;
}

const names = Object.keys(resources) as (keyof typeof resources)[];

/** "checkout.sessions" is in resources/Checkout/Sessions.js. */
function fileOf(name: string): string {
  const parts = name.split(".").map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `resources/${parts.join("/")}.js`;
}

function trimClient(source: string): string {
  const roots = names.map((name) => name.replace(/\..*/, ""));
  const missing = roots.filter((name) => !source.includes(`this.${name} = new `));
  if (missing.length > 0) throw new Error(`Stripe's SDK constructs no ${missing} as src/cli/write-stripe.ts expects`);
  return without(clientRemovals, source, roots);
}

function trimResource(source: string, methods: readonly string[]): string {
  const missing = methods.filter((name) => !source.includes(`\n    ${name}(`));
  if (missing.length > 0) throw new Error(`Stripe's SDK has no method ${missing} as src/cli/write-stripe.ts expects`);
  return source.replace(method, (found, name) => (methods.includes(name) ? found : "")).replace(responseSchema, "");
}

const method = /^ {4}(\w+)\(.*\) \{\n[\s\S]*?^ {4}\}\n/gm;

/** Where an answer has the numbers below. */
const responseSchema = /^( +)responseSchema: \{[\s\S]*?^\1\},\n/gm;

function without(removals: readonly RegExp[], source: string, kept: readonly string[] = []): string {
  return removals.reduce((text, pattern) => {
    const trimmed = text.replace(pattern, (found, name) => (kept.includes(name) ? found : ""));
    if (trimmed === text)
      throw new Error(`Stripe's SDK has nothing like ${pattern}: src/cli/write-stripe.ts is of another version`);
    return trimmed;
  }, source);
}

const clientRemovals = [
  / {8}this\.(\w+) = new \w+\(this\);\n/g,
  // The list of them all, for programs that make clients of their own.
  /^import .* from '\.\/resources\.js';\n/gm,
  /^Stripe\.resources = resources;\n/m,
  / {4}_prepResources\(\) \{[\s\S]*?\n {4}\}\n/,
  // Thin events, which we do not receive.
  / {4}(?:async )?(?:notificationHandler|parseEventNotification|_buildEventNotification)\w*\([\s\S]*?\n {4}\}\n/g,
  // Fractions of a cent in subscriptions, and exchange rates: we read neither.
  / {8}this\.Decimal = Decimal;\n/,
  /^Stripe\.Decimal = Decimal;\n/m,
];

const requestRemovals = [
  // The same in what is sent and answered.
  /^import .* from '\.\/V2Coercion\.js';\n/m,
  / {12}if \(spec\?\.requestSchema\) \{[\s\S]*?\n {12}\}\n/,
  / {24}if \(spec\?\.responseSchema\) \{[\s\S]*?\n {24}\}\n/,
  // Lists that fetch their next page: src/stripe/client.ts asks for each.
  /^import .* from '\.\/autoPagination\.js';\n/m,
  / {8}if \(spec\?\.methodType\) \{[\s\S]*?\n {8}\}\n/,
];
