import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withoutProse } from "./gate/imports";

/** Those that only make descriptions, which the bundle does not hold (bundle.test.ts). */
const makers = /\/(describe-\w+|openapi|postman|event-envelope|notification-object)\.ts$/;

const sources = globSync("src/http/**/*.ts").filter((path) => !makers.test(path));

/** The code of each file that serves, without what it says for descriptions only. */
const serving = sources.map((path) => ({ path, code: withoutDescriptions(readFileSync(path, "utf8")) }));

const onlyDescribed = [...new Set(serving.flatMap(({ code }) => namesIn(code)))];

describe("what only descriptions are made of", () => {
  it("is named", () => {
    expect(onlyDescribed.length).toBeGreaterThan(50);
    expect(onlyDescribed).toContain("testimonyObject");
  });

  it("is undefined in the bundle, and used by nothing that serves", () => {
    const uses = serving.flatMap(({ path, code }) => usesIn(code).map((name) => `${name} in ${path}`));
    expect(uses).toEqual([]);
  });

  it.each(["{ a: userObject.shape }", "[userObject, other]", "userObject.parse(body)"])("is found in %s", (code) => {
    expect(usesIn(`import { userObject } from "./user-object";\nconst x = ${code};`)).toEqual(["userObject"]);
  });
});

function namesIn(code: string): string[] {
  return [...code.matchAll(/^(?:export )?const (\w+) = forDescription\(\)/gm)].flatMap(([, name]) => name ?? []);
}

/** Lists the names that a file does not only import, declare, or read the type of. */
function usesIn(code: string): string[] {
  const used = code
    .replace(/^import [^;]*;$/gm, "")
    .replace(/^(?:export )?const \w+ = forDescription\(\)/gm, "")
    .replace(/\btypeof \w+/g, "");
  const words = new Set(used.match(/(?<![\w.])[A-Za-z]\w+(?!\w|\s*:)/g));
  const own = new Set(namesIn(code));
  const imported = new Set(code.match(/^import [^;]*;$/gm)?.flatMap((line) => line.match(/\w+/g) ?? []));
  return onlyDescribed.filter((name) => words.has(name) && (own.has(name) || imported.has(name)));
}

/** Empties every call of `described` and `forDescription`, as the bundler does. */
function withoutDescriptions(source: string): string {
  const code = withoutProse(source).replace(/"(?:\\.|[^"\\\n])*"/g, '""');
  let kept = "";
  let at = 0;
  for (const { 0: call, index } of code.matchAll(/(?<!function )\b(?:described|forDescription)\(/g)) {
    if (index < at) continue;
    kept += code.slice(at, index + call.length);
    at = endOf(code, index + call.length);
  }
  return kept + code.slice(at);
}

/** Returns where the parenthesis closes that is open at `start`. */
function endOf(code: string, start: number): number {
  let open = 1;
  for (let at = start; at < code.length; at += 1) {
    if (code[at] === "(") open += 1;
    if (code[at] === ")") open -= 1;
    if (open === 0) return at;
  }
  return code.length;
}
