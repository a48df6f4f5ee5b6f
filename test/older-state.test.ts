import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { applyMigrations } from "../src/cli/apply-migrations";

const stateDir = mkdtempSync(join(tmpdir(), "accord-state-"));
afterAll(() => rmSync(stateDir, { recursive: true }));

/** Records migrations as those of an earlier checkout, by name and fingerprint. */
function recordApplied(applied: Record<string, string>): void {
  writeFileSync(join(stateDir, "migrations.json"), JSON.stringify(applied));
}

/** A refused folder is left alone. */
const notOpened = () => Promise.reject(new Error("the database was opened"));

describe("the state folder of an older checkout", () => {
  it.each([
    ["a migration that was written anew", { "0000_accord.sql": "an earlier fingerprint" }],
    ["a migration that is part of another one now", { "0001_one-more-column.sql": "a fingerprint" }],
  ])("is refused with the way to begin afresh: %s", async (_, applied) => {
    recordApplied(applied);
    const [name] = Object.keys(applied);
    await expect(applyMigrations(stateDir, notOpened)).rejects.toThrow(
      `${name} has changed since it was applied to ${stateDir}. Start afresh: rm -rf ${stateDir}`,
    );
    expect(JSON.parse(readFileSync(join(stateDir, "migrations.json"), "utf8"))).toEqual(applied);
  });
});
