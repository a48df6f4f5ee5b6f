import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Reporter } from "vitest/node";

const root = resolve(import.meta.dirname, "../..");

/** Where the answers that the tests of each file were given are kept. */
export const reachedFolder = join(root, "dist/reached");

/**
 * Keeps what each file of tests has reached, until the file runs again: a run of single files replaces only theirs.
 * test/gate/reached.ts compares all of it with the API's description.
 */
export const keepReached: Reporter = {
  onTestModuleEnd(module) {
    const { reached = [] } = module.meta() as { reached?: { text?: string }[] };
    const name = `${module.project.name}/${relative(root, module.moduleId).replaceAll("/", "+")}.json`;
    const file = join(reachedFolder, name);
    if (reached.length === 0) return rmSync(file, { force: true });
    mkdirSync(join(file, ".."), { recursive: true });
    const answers = reached.map(({ text, ...answer }) => (text ? { ...answer, body: JSON.parse(text) } : answer));
    writeFileSync(file, JSON.stringify(answers));
  },
};
