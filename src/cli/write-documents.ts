import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

const assets = resolve(root, "dist/assets");

/** Writes the documents of src/documents.ts as the Worker's static assets. Throws where they cannot be made. */
export async function writeDocuments(): Promise<void> {
  const documents = await makeDocuments();
  for (const [path, document] of Object.entries(documents)) replaceFile(join(assets, path), JSON.stringify(document));
  removeOthers(Object.keys(documents));
}

/** In a process of its own, and bundled as wrangler does it: the registry's imports are written for a bundler. */
async function makeDocuments(): Promise<Record<string, unknown>> {
  const printed = 'import { documents } from "./src/documents"; process.stdout.write(JSON.stringify(documents));';
  const { outputFiles } = await build({
    stdin: { contents: printed, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
  });
  const input = outputFiles[0]?.text ?? "";
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module"], { input, maxBuffer: 2 ** 26 }).toString());
}

/** What an earlier release described and this one does not. */
function removeOthers(paths: readonly string[]): void {
  for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(assets, file).replaceAll("\\", "/")}`;
    if (entry.isFile() && path.endsWith(".json") && !paths.includes(path)) rmSync(file, { force: true });
  }
}
