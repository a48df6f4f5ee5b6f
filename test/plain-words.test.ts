import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** Returns the lines of the tracked files in these folders that match, each with its place. */
function linesWith(pattern: string, ...folders: string[]): string[] {
  try {
    const found = execFileSync("git", ["grep", "-nE", pattern, "--", ...folders], { encoding: "utf8" });
    return found.trim().split("\n");
  } catch (error) {
    if ((error as { status?: number }).status === 1) return []; // git found nothing
    throw error;
  }
}

it("no name and no comment uses the words that the glossary has replaced", () => {
  const replaced = [
    "err" + "and",
    "nud" + "ge",
    "par" + "cel",
    "pict" + "ure",
    "news" + "Of",
    "go" + "On",
    "take" + "Up",
  ];
  expect(linesWith(`\\b(${replaced.join("|")})\\b`, "src", "test")).toEqual([]);
});

it("comments begin with their subject", () => {
  expect(linesWith("^ *(/\\*\\*|\\*|//) (What|Whoever|Whose|Who) [^?]*$", "src")).toEqual([]);
});

it("finds such words where they are", () => {
  expect(linesWith("^it\\(.finds such words", "test/plain-words.test.ts")).toHaveLength(1);
});
