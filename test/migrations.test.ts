import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fitForD1, rowidTables } from "../src/cli/fit-for-d1";
import { apply, emptyDatabase, shapeOf, triggersOf, unfitForD1 } from "./gate/migration-rules";

const names = readdirSync("migrations")
  .filter((name) => name.endsWith(".sql"))
  .sort();
const migrations = names.map((name) => ({ name, sql: readFileSync(join("migrations", name), "utf8") }));
const scratch = mkdtempSync(join(tmpdir(), "migrations-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("the migrations", () => {
  it.each(migrations)("$name is fit for D1", ({ sql }) => expect(unfitForD1(sql)).toEqual([]));

  it("leave tables that D1 keeps as designed, and lose no trigger on the way", () => {
    const db = emptyDatabase();
    for (const { name, sql } of migrations) {
      const before = triggersOf(db);
      apply(db, sql);
      const lost = before.filter(
        (trigger) => !triggersOf(db).includes(trigger) && !sql.includes(`DROP TRIGGER \`${trigger}\``),
      );
      expect(lost, `triggers lost in ${name}`).toEqual([]);
    }
    const shapes = shapeOf(db) as Record<string, { strict: number; wr: number }>;
    expect(Object.keys(shapes).filter((table) => shapes[table]?.strict !== 1)).toEqual([]);
    expect(Object.keys(shapes).filter((table) => shapes[table]?.wr !== 1)).toEqual(Object.keys(rowidTables));
  });

  it("have nothing left to generate", () => {
    cpSync("migrations", join(scratch, "kept"), { recursive: true });
    expect(generate("kept")).toMatch(/No schema changes/);
    expect(readdirSync(join(scratch, "kept")).filter((name) => name.endsWith(".sql"))).toEqual(names);
  });

  it("add up to the schema", () => {
    generate("fresh");
    const fresh = emptyDatabase();
    const [first = ""] = readdirSync(join(scratch, "fresh")).filter((name) => name.endsWith(".sql"));
    apply(fresh, fitForD1(readFileSync(join(scratch, "fresh", first), "utf8")));
    const migrated = emptyDatabase();
    for (const { sql } of migrations) apply(migrated, sql);
    expect(shapeOf(migrated)).toEqual(shapeOf(fresh));
  });
});

/** Asks drizzle-kit for what is missing in the migrations of a scratch folder; returns its output. */
function generate(folder: string): string {
  // drizzle-kit takes its folder relative to the working directory.
  const out = relative(process.cwd(), join(scratch, folder));
  const args = ["node_modules/drizzle-kit/bin.cjs", "generate", "--dialect", "sqlite", "--schema", "src/db/schema.ts"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, "--out", out], {
    encoding: "utf8",
    input: "",
  });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

describe("the rules", () => {
  const fit = "CREATE TABLE `t` (`id` text PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;";
  const trigger = "CREATE TRIGGER `t_no` BEFORE UPDATE ON `t` BEGIN SELECT 1; END;";
  it.each([
    [fit, []],
    ["CREATE TABLE `t` (`id` text PRIMARY KEY NOT NULL);", ["t is not STRICT", "t keeps a row number"]],
    ["CREATE TABLE `t` (`id` text PRIMARY KEY NOT NULL) STRICT;", ["t keeps a row number"]],
    [fit.replace("text", "text(36)"), ["t has a type with a length"]],
    [fit.replace("NOT NULL", "NOT NULL REFERENCES `u`(`id`) ON DELETE CASCADE"), ["t deletes by cascade"]],
    ["DROP TABLE `t`;", ["it drops a table and does not begin with PRAGMA defer_foreign_keys"]],
    ["-- gone\nPRAGMA defer_foreign_keys=true;\nDROP TABLE `t`;", []],
    ["PRAGMA foreign_keys=OFF;", ["D1 ignores PRAGMA foreign_keys"]],
    ["BEGIN TRANSACTION;", ["D1 makes its own transaction"]],
    ["ALTER TABLE `a` RENAME TO `b`;", ["a renamed table takes the references of others along"]],
    ["CREATE TABLE `c` AS SELECT * FROM `t`;", ["c is a copy without a schema"]],
    [trigger, []],
    [`${trigger}--> statement-breakpoint`, []],
    [trigger.replace("BEGIN ", "BEGIN\n"), ["trigger t_no is not one line: CREATE TRIGGER … BEGIN …; END;"]],
    [trigger.replace("BEGIN", "begin"), ["trigger t_no is not one line: CREATE TRIGGER … BEGIN …; END;"]],
    [trigger.replace("END;", "end;"), ["trigger t_no is not one line: CREATE TRIGGER … BEGIN …; END;"]],
    [trigger.replace("1", "CASE WHEN 1 THEN 1 END"), ["trigger t_no has more than one END", "trigger t_no has a CASE"]],
  ])("%s", (sql, faults) => expect(unfitForD1(sql)).toEqual(faults));
});

describe("what drizzle-kit generates", () => {
  const step = "--> statement-breakpoint";
  const generated = [
    "PRAGMA foreign_keys=OFF;",
    'CREATE TABLE `__new_p` (\n\t`id` text(36) PRIMARY KEY NOT NULL,\n\t`n` integer,\n\tCONSTRAINT c CHECK("__new_p"."n" > 0)\n);\n',
    'INSERT INTO `__new_p`("id") SELECT "id" FROM `p`;',
    "DROP TABLE `p`;",
    "ALTER TABLE `__new_p` RENAME TO `p`;",
    "PRAGMA foreign_keys=ON;",
    "CREATE INDEX `p_n` ON `p` (`n`);",
  ].join(`${step}\n`);

  it("becomes fit for D1", () => expect(unfitForD1(fitForD1(generated))).toEqual([]));

  it("rebuilds a table that others point at, and keeps its rows", () => {
    const db = emptyDatabase();
    apply(db, fitForD1("CREATE TABLE `p` (`id` text PRIMARY KEY NOT NULL);"));
    apply(db, fitForD1("CREATE TABLE `c` (`id` text PRIMARY KEY NOT NULL, `p` text NOT NULL REFERENCES `p`(`id`));"));
    apply(db, "INSERT INTO p VALUES ('one'); INSERT INTO c VALUES ('child', 'one');");
    apply(db, fitForD1(generated));
    expect(db.prepare("SELECT id, n FROM p").all()).toEqual([{ id: "one", n: null }]);
    expect(() => db.exec("INSERT INTO c VALUES ('orphan', 'two')")).toThrow(/FOREIGN KEY/);
    expect(() => db.exec("DELETE FROM p")).toThrow(/FOREIGN KEY/);
  });
});
