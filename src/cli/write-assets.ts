import { readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

const assets = resolve(root, "dist/assets");

/** Writes what the Worker reads when it needs it, by path, as its static assets. */
export function writeAssets(files: Record<string, unknown>): void {
  for (const [path, content] of Object.entries(files)) replaceFile(join(assets, path), JSON.stringify(content));
  removeOthers(Object.keys(files));
}

/** What an earlier release had and this one has not. */
function removeOthers(paths: readonly string[]): void {
  for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(assets, file).replaceAll("\\", "/")}`;
    if (entry.isFile() && path.endsWith(".json") && !paths.includes(path)) rmSync(file, { force: true });
  }
}
