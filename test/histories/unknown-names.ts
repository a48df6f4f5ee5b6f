import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mistake } from "./mistakes.ts";

/** TypeScript's errors for a name, a member or a module that does not exist: such code fails whatever the tests hold. */
const unknown = /error TS(2304|2305|2307|2339|2551|2552|2613|2614|2724):/;

/**
 * Type-checks the mistakes in a copy of the repository and lists those that mention what does not exist: every test
 * would catch them, so that they prove nothing. Mistakes in different files are checked together, which takes a few
 * runs of the compiler instead of one each.
 */
export function unknownNames(copy: string, mistakes: readonly Mistake[]): string[] {
  return groupsWithoutSharedFiles(mistakes).flatMap((group) => {
    const originals = new Map<string, string>();
    for (const { file, find, replace } of group.flatMap(({ edits }) => edits)) {
      const path = join(copy, file);
      const text = readFileSync(path, "utf8");
      if (!originals.has(path)) originals.set(path, text);
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
    }
    const { stdout } = spawnSync("tsc", ["--noEmit", "--pretty", "false"], { cwd: copy, encoding: "utf8" });
    for (const [path, text] of originals) writeFileSync(path, text);
    return stdout.split("\n").filter((line) => unknown.test(line));
  });
}

/** Parts the mistakes into few groups, none of which changes a file twice. */
function groupsWithoutSharedFiles(mistakes: readonly Mistake[]): Mistake[][] {
  const groups: { mistakes: Mistake[]; files: Set<string> }[] = [];
  for (const mistake of mistakes) {
    const files = mistake.edits.map(({ file }) => file);
    let group = groups.find((one) => !files.some((file) => one.files.has(file)));
    if (!group) {
      group = { mistakes: [], files: new Set() };
      groups.push(group);
    }
    group.mistakes.push(mistake);
    for (const file of files) group.files.add(file);
  }
  return groups.map((group) => group.mistakes);
}

/** Lists the modules that the texts of a mistake import and that do not exist beside the file. */
export function missingImports({ name, edits }: Mistake): string[] {
  return edits.flatMap(({ file, replace }) =>
    [...replace.matchAll(/from "(\.[^"]+)"/g)].flatMap(([, from = ""]) => {
      const path = join(file, "..", from);
      return [path, `${path}.ts`, `${path}/index.ts`].some((one) => existsSync(one))
        ? []
        : [`${name}: ${file} has no ${from}`];
    }),
  );
}
