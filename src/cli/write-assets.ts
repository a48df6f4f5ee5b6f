import { readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

const assets = resolve(root, "dist/assets");

/** Writes documents by path as the Worker's static assets, which it reads when it needs them. */
export function writeAssets(files: Record<string, unknown>): void {
  for (const [path, content] of Object.entries(files)) replaceFile(join(assets, path), JSON.stringify(content));
  removeOthers(Object.keys(files));
}

/** Deletes documents that an earlier release had and this one does not have. */
function removeOthers(paths: readonly string[]): void {
  for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(assets, file).replaceAll("\\", "/")}`;
    if (entry.isFile() && path.endsWith(".json") && !paths.includes(path)) rmSync(file, { force: true });
  }
}
