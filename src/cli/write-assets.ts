import { readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

const assets = resolve(root, "dist/assets");

/** Writes texts by path as static assets. */
export function writeAssets(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) replaceFile(join(assets, path), text);
  removeOthers(Object.keys(files));
}

/** Deletes files that an earlier release had and this one does not have, but no draft that is being written. */
function removeOthers(paths: readonly string[]): void {
  for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(assets, file).replaceAll("\\", "/")}`;
    if (entry.isFile() && !/\.\d+$/.test(path) && !paths.includes(path)) rmSync(file, { force: true });
  }
}
