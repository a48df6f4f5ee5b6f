import { env } from "cloudflare:workers";

/** Inserts the newest row of a table once more, with another id and the given changes. */
export async function insertAgain(table: string, id: string, changes: Record<string, unknown> = {}): Promise<unknown> {
  const row = await env.DB.prepare(`SELECT * FROM ${table} ORDER BY ${id} DESC LIMIT 1`).first();
  const values = { ...row, [id]: "another", ...changes };
  const names = Object.keys(values);
  const statement = `INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => "?").join()})`;
  return env.DB.prepare(statement)
    .bind(...Object.values(values))
    .run();
}
