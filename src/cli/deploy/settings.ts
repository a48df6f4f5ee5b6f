import { parseEnv } from "node:util";
import { isPublished } from "../../published-values.ts";

export interface Settings {
  /** The settings to upload, by name. */
  values: Record<string, string>;
  /** One sentence for each line that must not be uploaded; none if all may be. They never contain values. */
  problems: string[];
}

/**
 * Reads the file of settings literally: the shell's variables do not override it and `$` is a dollar, because what is
 * uploaded must be what is in the file. Quotes (`"`, `'`, or backticks) keep everything between them; in double quotes
 * `\n` is a line break. Without quotes a `#` begins a comment.
 * Refuses an empty value, a value that is printed in the repository, a name that `example` does not list, and an
 * unquoted value with a `#` in its middle, because the rest may or may not be a comment.
 */
export function readSettings(text: string, example: string): Settings {
  const values = Object.fromEntries(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
  const known = new Set([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
  const cut = new Set(
    [...text.matchAll(/^\s*(?:export\s+)?(\w+)\s*=[ \t]*[^\s"'`#][^\n]*?[^\s#]#/gm)].map(([, name]) => name),
  );
  const problems = Object.entries(values).flatMap(([name, value]) => {
    if (!known.has(name)) return [`${name} is not a setting: .dev.vars.example lists those that there are`];
    if (value === "") return [`${name} is empty: give it a value, or leave the line out`];
    if (isPublished(value)) return [`${name} is still a value that is printed in the repository: put your own there`];
    if (cut.has(name)) return [`${name} has a # in its middle: put quotes around the whole value`];
    return [];
  });
  return { values, problems };
}
