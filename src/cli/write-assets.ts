import { readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

/** Writes files by path as the static assets in a folder of dist/. */
export function writeAssets(folder: string, files: Record<string, string | Uint8Array>): void {
  const assets = resolve(root, "dist", folder);
  for (const [path, content] of Object.entries(files)) replaceFile(join(assets, path), content);
  removeOthers(assets, Object.keys(files));
}

/** Deletes files that an earlier release had and this one does not have, but no draft that is being written. */
function removeOthers(assets: string, paths: readonly string[]): void {
  for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(assets, file).replaceAll("\\", "/")}`;
    if (entry.isFile() && !/\.\d+$/.test(path) && !paths.includes(path)) rmSync(file, { force: true });
  }
}
