import { posix } from "node:path";

/** One import of a module: its specifier, and whether it disappears with the types. */
export interface Import {
  specifier: string;
  typeOnly: boolean;
}

const fromClause =
  /(?:^|[;}\n])\s*(?:import|export)\s+(type\s+)?((?:[\w$*\s,]|\{[^}]*\})*?)\s*from\s*["']([^"']+)["']/g;
const sideEffect = /(?:^|[;}\n])\s*import\s*["']([^"']+)["']/g;
const dynamic = /(?<![.\w$])(?:import|require)\s*\(\s*(?:["']([^"']+)["'])?/g;

/** Lists every import of `source`: static, re-exported, for its side effect, dynamic. A computed path is named `?`. */
export function importsOf(source: string): Import[] {
  const code = withoutProse(source);
  return [
    ...[...code.matchAll(fromClause)].map(([, type, names = "", specifier = "?"]) => ({
      specifier,
      typeOnly: type !== undefined || everyNameIsType(names),
    })),
    ...[...code.matchAll(sideEffect)].map(([, specifier = "?"]) => ({
      specifier,
      typeOnly: false,
    })),
    ...[...code.matchAll(dynamic)].map(([, specifier = "?"]) => ({
      specifier,
      typeOnly: false,
    })),
  ];
}

/** Reading imports takes long, and several tests want those of the same files. */
const alreadyRead = new Map<string, Import[]>();

/** The files among `sources` that one of them imports, by any kind of import. */
export function resolvedImports(sources: Record<string, string>, path: string): string[] {
  const source = sources[path] ?? "";
  const imports = alreadyRead.get(source) ?? importsOf(source);
  alreadyRead.set(source, imports);
  return imports.flatMap(({ specifier }) => {
    if (!specifier.startsWith(".")) return [];
    const base = posix.join(posix.dirname(path), specifier);
    return [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((candidate) => candidate in sources) ?? [];
  });
}

function everyNameIsType(names: string): boolean {
  const braces = /^\s*\{([^}]*)\}\s*$/.exec(names);
  const listed = braces?.[1]?.split(",").filter((name) => name.trim() !== "") ?? [];
  return listed.length > 0 && listed.every((name) => /^\s*type\s/.test(name));
}

/** Blanks text that may look like code: comments, template literals, regular expressions. */
export function withoutProse(source: string): string {
  let code = "";
  let at = 0;
  /** The number of open braces inside each open `${`. */
  const holes: number[] = [];
  const blank = (length: number) => {
    code += source.slice(at, at + length).replace(/[^\n]/g, " ");
    at += length;
  };
  const templateText = () => /^(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/.exec(source.slice(at))?.[0].length ?? 0;

  while (at < source.length) {
    const rest = source.slice(at);
    const comment = /^(?:\/\/.*|\/\*[\s\S]*?\*\/)/.exec(rest);
    const string = /^(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/.exec(rest);
    const regularExpression =
      /(?:^|[([{,;:=!&|?+>]|\breturn)\s*$/.test(code.slice(-40)) &&
      /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.exec(rest);
    const character = rest.charAt(0);

    if (comment) blank(comment[0].length);
    else if (string) {
      code += string[0];
      at += string[0].length;
    } else if (regularExpression) blank(regularExpression[0].length);
    else if (character === "`" || (character === "}" && holes.at(-1) === 0)) {
      if (character === "}") holes.pop();
      blank(1);
      blank(templateText());
      if (source.startsWith("${", at)) {
        holes.push(0);
        blank(2);
      } else blank(1);
    } else {
      const open = holes.length - 1;
      if (open >= 0 && character === "{") holes[open] = (holes[open] ?? 0) + 1;
      if (open >= 0 && character === "}") holes[open] = (holes[open] ?? 0) - 1;
      code += character;
      at += 1;
    }
  }
  return code;
}
