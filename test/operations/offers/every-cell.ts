import { env } from "cloudflare:workers";

/** Names the columns, of all tables, in which a text occurs, whatever its case. */
export async function columnsWith(text: string): Promise<string[]> {
  const { results: tables } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and sql like '%STRICT%'",
  ).all<{ name: string }>();
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const { results } = await env.DB.prepare(`select * from "${name}"`).all();
      const columns = results.flatMap((row) =>
        Object.entries(row).flatMap(([column, cell]) => (contains(cell, text) ? [`${name}.${column}`] : [])),
      );
      return [...new Set(columns)];
    }),
  );
  return found.flat().toSorted();
}

/** JSON may write a character by its number, so both sides are compared as JSON writes them. */
function contains(cell: unknown, text: string): boolean {
  const plain = (value: unknown) => String(value).toLowerCase();
  return plain(cell).includes(plain(text)) || plain(cell).includes(plain(JSON.stringify(text).slice(1, -1)));
}
