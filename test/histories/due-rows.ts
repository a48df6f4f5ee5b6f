import { env } from "cloudflare:workers";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../../src/db/schema";

/** A row with a due time. */
export interface DueRow {
  table: string;
  key: string;
  dueAt: number;
}

const tables = Object.values(schema)
  .filter((one) => is(one, SQLiteTable))
  .map((one) => getTableConfig(one as SQLiteTable))
  .filter(({ columns }) => columns.some(({ name }) => name === "due_at"))
  .map(({ name, columns, primaryKeys }) => ({
    name,
    key: (primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary)).map((one) => one.name),
  }));

/** Reads every row of every table that has a due time. */
export async function readDueRows(): Promise<DueRow[]> {
  const found = await env.DB.batch<Omit<DueRow, "table">>(
    tables.map(({ name, key }) =>
      env.DB.prepare(`SELECT ${key.join(" || ' ' || ")} AS key, due_at AS dueAt FROM ${name} WHERE due_at IS NOT NULL`),
    ),
  );
  return tables.flatMap(({ name }, at) => (found[at]?.results ?? []).map((row) => ({ table: name, ...row })));
}
