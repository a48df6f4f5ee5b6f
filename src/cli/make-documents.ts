import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { root } from "./wrangler.ts";

/**
 * Makes the documents of src/documents.ts, by path: in a process of its own, and bundled as wrangler does it, because
 * the registry's imports are written for a bundler. Throws where they cannot be made.
 */
export async function makeDocuments(): Promise<Record<string, unknown>> {
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
