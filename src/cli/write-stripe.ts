import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { resources } from "../stripe/resources.ts";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

/**
 * Writes Stripe's SDK with the resources of src/stripe/resources.ts and no others: its client constructs every one that
 * Stripe has, so that no bundler could leave any out. Throws where the SDK's sources are not as expected.
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
  setup({ onLoad }) {
    onLoad({ filter: /stripe[\\/]esm[\\/]stripe\.core\.js$/ }, async ({ path }) => ({
      contents: trimClient(await readFile(path, "utf8")),
    }));
  },
};

/** The SDK's client without what we do not use. What it no longer names, the bundler drops. */
export function trimClient(source: string): string {
  const missing = resources.filter((name) => !source.includes(`this.${name} = new `));
  if (missing.length > 0) throw new Error(`Stripe's SDK constructs no ${missing} as src/cli/write-stripe.ts expects`);
  const kept = new Set<string>(resources);
  return removals.reduce((text, pattern) => {
    const trimmed = text.replace(pattern, (found, name) => (kept.has(name) ? found : ""));
    if (trimmed === text)
      throw new Error(`Stripe's SDK has nothing like ${pattern}: src/cli/write-stripe.ts is of another version`);
    return trimmed;
  }, source);
}

const removals = [
  / {8}this\.(\w+) = new \w+\(this\);\n/g,
  // The list of them all, for programs that make clients of their own.
  /^import .* from '\.\/resources\.js';\n/gm,
  /^Stripe\.resources = resources;\n/m,
  / {4}_prepResources\(\) \{[\s\S]*?\n {4}\}\n/,
  // Thin events, which we do not receive.
  / {4}notificationHandler(?:WithoutVerification)?\([\s\S]*?\n {4}\}\n/g,
];
