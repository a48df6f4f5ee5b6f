import { DatabaseSync } from "node:sqlite";
import { rowidTables } from "../../src/cli/fit-for-d1.ts";

/** Lists what D1 would refuse, or accept and then spoil, in one migration, one sentence each. */
export function unfitForD1(sql: string): string[] {
  const bare = sql.replace(/^--.*$/gm, "");
  return [...faultsOfTables(bare), ...faultsOfStatements(bare), ...faultsOfTriggers(bare)];
}

/**
 * Finds triggers that D1 may spoil. It splits a migration into statements by itself. Public reports (workers-sdk issues
 * 4326, 10998, 15314, 15690) describe triggers over several lines, with `begin` in small letters or with a CASE inside,
 * which it splits in their middle.
 */
function faultsOfTriggers(sql: string): string[] {
  return [...sql.matchAll(/^.*\bCREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b.*$/gim)].flatMap(([line]) => {
    const name = /TRIGGER\s+(?:IF NOT EXISTS\s+)?[`"]?(\w+)/i.exec(line)?.[1];
    const faults = [];
    if (!/^CREATE TRIGGER .+ BEGIN .+; END;(?:--> statement-breakpoint)?$/.test(line)) {
      faults.push(`trigger ${name} is not one line: CREATE TRIGGER … BEGIN …; END;`);
    }
    if ((line.match(/\bEND\b/gi) ?? []).length > 1) faults.push(`trigger ${name} has more than one END`);
    if (/\bCASE\b/i.test(line)) faults.push(`trigger ${name} has a CASE`);
    return faults;
  });
}

function faultsOfTables(sql: string): string[] {
  return [...sql.matchAll(/CREATE TABLE\s+(?:IF NOT EXISTS\s+)?[`"]?(\w+)[`"]?([^;]*);/gi)].flatMap(
    ([, table = "", body = ""]) => {
      const droppedAgain = new RegExp(`DROP TABLE [\`"]?${table}[\`"]?;`, "i").test(sql);
      if (/^\s*AS\b/i.test(body)) return droppedAgain ? [] : [`${table} is a copy without a schema`];
      const options = body.slice(body.lastIndexOf(")"));
      const faults = [];
      if (!/\bSTRICT\b/i.test(options)) faults.push(`${table} is not STRICT`);
      if (!/\bWITHOUT ROWID\b/i.test(options) && !(table in rowidTables)) faults.push(`${table} keeps a row number`);
      if (/\b(?:text|integer|varchar|numeric|blob)\s*\(\d/i.test(body))
        faults.push(`${table} has a type with a length`);
      if (/\bON DELETE CASCADE\b/i.test(body)) faults.push(`${table} deletes by cascade`);
      return faults;
    },
  );
}

function faultsOfStatements(sql: string): string[] {
  const faults = [];
  if (/\bDROP TABLE\b/i.test(sql) && !/^\s*PRAGMA defer_foreign_keys\s*=\s*(?:true|on|1)\s*;/i.test(sql)) {
    faults.push("it drops a table and does not begin with PRAGMA defer_foreign_keys");
  }
  if (/\bPRAGMA foreign_keys\b/i.test(sql)) faults.push("D1 ignores PRAGMA foreign_keys");
  if (/\bRENAME TO\b/i.test(sql)) faults.push("a renamed table takes the references of others along");
  if (/^\s*(?:BEGIN(?:\s+TRANSACTION)?|COMMIT|ROLLBACK|SAVEPOINT\b.*)\s*;/im.test(sql)) {
    faults.push("D1 makes its own transaction");
  }
  return faults;
}

/** Applies one migration as D1 does: with foreign keys on, in a transaction of its own. */
export function apply(db: DatabaseSync, sql: string): void {
  db.exec(`BEGIN;\n${sql}\n;COMMIT;`);
}

export function emptyDatabase(): DatabaseSync {
  return new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
}

/** Lists the names of all triggers, because a rebuilt table silently loses its own. */
export function triggersOf(db: DatabaseSync): string[] {
  return db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
}

/** Returns the schema as comparable facts, whatever the order of columns and the spelling of the SQL. */
export function shapeOf(db: DatabaseSync): Record<string, unknown> {
  const all = (sql: string) => db.prepare(sql).all() as Record<string, string | number | null>[];
  const tables = all("SELECT * FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'");
  return Object.fromEntries(
    tables.map(({ name, strict, wr }) => {
      const sql = String(all(`SELECT sql FROM sqlite_schema WHERE name = '${name}'`)[0]?.sql);
      const columns = all(
        `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo('${name}') ORDER BY name`,
      );
      const keys = all(`SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list('${name}')`);
      const indexes = all(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = '${name}' ORDER BY name`,
      );
      return [
        String(name),
        {
          strict,
          wr,
          columns: columns.map((column) => Object.values(column).join(" ")),
          keys: keys.map((key) => Object.values(key).join(" ")).sort(),
          indexes: indexes.map((index) => plain(String(index.sql ?? index.name))),
          checks: checksOf(sql).sort(),
        },
      ];
    }),
  );
}

function checksOf(sql: string): string[] {
  return [...sql.matchAll(/\bCHECK\s*\(/gi)].map(({ index }) => {
    let depth = 0;
    let end = sql.indexOf("(", index);
    do {
      if (sql[end] === "(") depth += 1;
      if (sql[end] === ")") depth -= 1;
      end += 1;
    } while (depth > 0 && end < sql.length);
    return plain(sql.slice(index, end));
  });
}

function plain(sql: string): string {
  return sql
    .replace(/[`"]/g, "")
    .replace(/\s+/g, " ")
    .replace(/\s*([(),])\s*/g, "$1")
    .toLowerCase();
}
