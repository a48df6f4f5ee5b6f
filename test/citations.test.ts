import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { anchorsOf } from "./gate/anchors";

/** A page that a comment cites, by its path from the root, and the heading if it names one. */
interface Citation {
  where: string;
  page: string;
  anchor: string | undefined;
}

const sources = [...filesOf("src"), ...filesOf("test"), "wrangler.toml", ".dev.vars.example", ".ci/run"];
const comments = sources.flatMap((path) => commentsOf(path, readFileSync(path, "utf8")));
const pages = new Map(
  [...filesOf("src/guides", ".md"), ...readdirSync(".").filter((name) => name.endsWith(".md"))].map((path) => [
    path,
    anchorsOf(readFileSync(path, "utf8")),
  ]),
);

it("comments cite only pages and headings that the repository has", () => {
  const cited = comments.flatMap(({ where, text }) => citationsOf(where, text));
  expect(cited.length).toBeGreaterThan(30);
  expect(cited.flatMap(wrong)).toEqual([]);
});

it("comments cite no numbered rows of pages that the repository does not have", () => {
  const rows = /\b(decisions?|invariants?|contract|design|row|sections?) [A-Z]?\d|\((?!D1\b)[A-Z]\d{1,2}[,)]/i;
  const numbered = comments.filter(({ text }) => rows.test(text));
  expect(numbered.map(({ where, text }) => `${where}: ${text}`)).toEqual([]);
});

it("finds what is wrong with a citation", () => {
  const [missing, unheaded] = citationsOf("a.ts:1", "see offers.md 2.2 and src/guides/decisions.md#nowhere");
  expect([missing, unheaded].map((one) => one && wrong(one))).toEqual([
    ["a.ts:1 cites offers.md, which is not there"],
    ["a.ts:1 cites src/guides/decisions.md#nowhere, which has no such heading"],
  ]);
});

function wrong({ where, page, anchor }: Citation): string[] {
  const anchors = pages.get(page);
  if (anchors === undefined) return [`${where} cites ${page}, which is not there`];
  if (anchor === undefined || anchors.includes(anchor)) return [];
  return [`${where} cites ${page}#${anchor}, which has no such heading`];
}

function citationsOf(where: string, text: string): Citation[] {
  const found = text.matchAll(/(?<![\w/.-])([\w./-]+\.md)\b(?:#([a-z0-9-]+))?/g);
  return [...found].map(([, page = "", anchor]) => ({ where, page, anchor }));
}

/** Returns the lines of comments: those that begin as one, and what follows `//` or `#` after a space. */
function commentsOf(path: string, source: string): { where: string; text: string }[] {
  const comment = path.endsWith(".ts") ? /^\s*(?:\/\*\*?|\*|\/\/)(.*)|\s\/\/ (.*)/ : /(?:^|\s)#(.*)/;
  return source.split("\n").flatMap((line, index) => {
    const [, whole, trailing] = comment.exec(line) ?? [];
    const text = whole ?? trailing;
    return text === undefined ? [] : [{ where: `${path}:${index + 1}`, text: text.trim() }];
  });
}

function filesOf(folder: string, ending = ".ts"): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !name.includes("node_modules"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}
