import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

/** Writes ibantools with the rules of Slovakia and no other country. Throws where its source is not as expected. */
export async function writeIban(): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: 'export { electronicFormatIBAN, isValidIBAN } from "ibantools";', resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    plugins: [leaveOut],
  });
  replaceFile(resolve(root, "dist/iban.js"), outputFiles[0]?.text ?? "");
}

const leaveOut: Plugin = {
  name: "leave-out",
  setup({ onLoad }) {
    onLoad({ filter: /ibantools\.js$/ }, async ({ path }) => ({
      contents: trimCountries(await readFile(path, "utf8")),
    }));
  },
};

/** Each country is a line or a block. */
const country = /^ {4}([A-Z]{2}): \{(?:.*\},\n|\n[\s\S]*?^ {4}\},\n)/gm;

/** The library's source with one country in its table. */
export function trimCountries(source: string): string {
  const trimmed = source.replace(country, (found, code) => (code === "SK" ? found : ""));
  const left = trimmed.slice(trimmed.indexOf("export const countrySpecs = {\n"));
  if (!/^export const countrySpecs = \{\n {4}SK: \{\n(?: {8}.*\n)+ {4}\},\n\};/.test(left))
    throw new Error("ibantools lists its countries in another way: src/cli/write-iban.ts is of another version");
  return trimmed;
}
