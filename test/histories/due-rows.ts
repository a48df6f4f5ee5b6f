import { env } from "cloudflare:workers";

/** A row that is to be looked at again, with when. */
export interface DueRow {
  table: string;
  key: string;
  dueAt: number;
}

/** Every row of every table that has a time to be looked at again. */
export async function readDueRows(): Promise<DueRow[]> {
  const { results: columns } = await env.DB.prepare(
    `SELECT m.name AS "table", group_concat(quote(p.name)) AS key FROM sqlite_master m, pragma_table_info(m.name) p
     WHERE m.type = 'table' AND p.pk > 0
       AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) d WHERE d.name = 'due_at')
     GROUP BY m.name`,
  ).all<{ table: string; key: string }>();
  if (columns.length === 0) throw new Error("no table has a time to be looked at again");
  const found = await env.DB.batch<Omit<DueRow, "table">>(
    columns.map(({ table, key }) => {
      const names = key.replaceAll("'", '"').split(",").join(" || ' ' || ");
      return env.DB.prepare(`SELECT ${names} AS key, due_at AS dueAt FROM "${table}" WHERE due_at IS NOT NULL`);
    }),
  );
  return columns.flatMap(({ table }, at) => (found[at]?.results ?? []).map((row) => ({ table, ...row })));
}
