import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { root } from "./wrangler.ts";

/**
 * Runs `code` at the root of the repository, in a process of its own, bundled as by wrangler, because the imports of
 * the Worker's sources are written for a bundler. Returns its output. Throws if it cannot be built, or fails.
 */
export async function runBundled(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
  });
  const input = outputFiles[0]?.text ?? "";
  return execFileSync(process.execPath, ["--input-type=module"], { input, maxBuffer: 2 ** 26 }).toString();
}
