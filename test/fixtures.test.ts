import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/* Invented values only. The reference's collection contains a person's address and tokens that look real. */

const tracked = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
const texts = tracked
  .filter((path) => !/\.(png|ico)$|^package-lock\.json$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));

/** Lists the places where a text has something that does not look invented. */
function found(pattern: RegExp, allowed: RegExp): string[] {
  return texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].flatMap(([match]) => (allowed.test(match) ? [] : [`${path}: ${match}`])),
  );
}

it("names no e-mail address outside the reserved domains", () => {
  const reserved = /@(?:[\w-]+\.)*(?:example(?:\.\w+)?|test|invalid|localhost)$|^git@/i;
  expect(found(/[\w.+-]+@[a-z][\w-]*(?:\.[a-z][\w-]*)+/gi, reserved)).toEqual([]);
});

it("holds no key that could be alive", () => {
  expect(
    found(
      /\b(?:sk|rk|pk)_live_\w{10,}|\bwhsec_[A-Za-z0-9+/]{32,}={0,2}|\beyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g,
      /^whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw$/, // the published vector of Standard Webhooks
    ),
  ).toEqual([]);
});
