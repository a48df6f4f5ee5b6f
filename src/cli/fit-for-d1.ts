/** Tables that keep SQLite's hidden row number, with the reason. All others are stored under their own key. */
export const rowidTables: Record<string, string> = {};

const breakpoint = "--> statement-breakpoint";

/**
 * Converts the SQL of drizzle-kit for D1: STRICT tables without a hidden row number, plain type names, and rebuilt
 * tables that keep the rows which refer to them.
 */
export function fitForD1(sql: string): string {
  const statements = sql.split(breakpoint).map((statement) => statement.trim());
  const rebuilt = new Set([...sql.matchAll(/CREATE TABLE `__new_(\w+)`/g)].map(([, table]) => table));
  return `${statements
    .flatMap((statement) => (rebuilt.size > 0 ? rebuild(statement, rebuilt) : [statement]))
    .map(strict)
    .join(`\n${breakpoint}\n`)}\n`;
}

/**
 * Rebuilds a table for D1. drizzle-kit fills `__new_t`, drops `t` and renames, with foreign keys off. D1 never turns
 * them off, and even deferred they count the drop as a violation that only rows inserted into `t` itself undo. So the
 * old rows are copied aside, `t` is made anew under its own name, and the rows are copied back.
 */
function rebuild(statement: string, rebuilt: Set<string | undefined>): string[] {
  if (/^PRAGMA foreign_keys\s*=\s*OFF/i.test(statement)) return ["PRAGMA defer_foreign_keys=true;"];
  if (/^PRAGMA foreign_keys\s*=\s*ON/i.test(statement)) return [];

  const [, verb, marked, table = ""] =
    /^(CREATE TABLE|INSERT INTO|DROP TABLE|ALTER TABLE) `(__new_)?(\w+)`/i.exec(statement) ?? [];
  if (verb === undefined || !rebuilt.has(table)) return [statement];
  const renamed = statement.replaceAll(`__new_${table}`, table);
  switch (verb) {
    case "CREATE TABLE":
      return [`CREATE TABLE \`__old_${table}\` AS SELECT * FROM \`${table}\`;`, `DROP TABLE \`${table}\`;`, renamed];
    case "INSERT INTO":
      return [renamed.replace(` FROM \`${table}\``, ` FROM \`__old_${table}\``), `DROP TABLE \`__old_${table}\`;`];
    case "ALTER TABLE":
      return marked ? [] : [statement];
    default:
      return [];
  }
}

function strict(statement: string): string {
  const table = /^CREATE TABLE [`"]?(\w+)[`"]?\s*\(/i.exec(statement)?.[1];
  if (table === undefined) return statement;
  const suffix = table in rowidTables ? "STRICT" : "STRICT, WITHOUT ROWID";
  return statement.replace(/\btext\(\d+\)/gi, "text").replace(/\)\s*;$/, `) ${suffix};`);
}
