import { env } from "cloudflare:workers";
import { rows } from "./rows";

/** Rows of `table` that satisfy `where` are changed. */
export function change(table: string, set: string, where = "1"): [table: string, statement: string] {
  return [table, `update ${table} set ${set} where ${where}`];
}

/** What the database itself forbids is a lie that needs its guards gone. Answers how to put them back. */
export async function dropGuards(): Promise<() => Promise<unknown>> {
  const guards = await rows<{ type: string; name: string; sql: string }>(
    "select type, name, sql from sqlite_master where type = 'trigger' or name in ('payouts_of_checkout', 'payments_of_order')",
  );
  for (const { type, name } of guards) await env.DB.prepare(`drop ${type} "${name}"`).run();
  return () => env.DB.batch(guards.map(({ sql }) => env.DB.prepare(sql)));
}

/** Keeps a table as it is. Answers how to put it back. */
export async function snapshot(table: string): Promise<() => Promise<unknown>> {
  const kept = await rows<Record<string, unknown>>(`select * from ${table}`);
  return () =>
    env.DB.batch([
      env.DB.prepare("pragma defer_foreign_keys = on"),
      env.DB.prepare(`delete from ${table}`),
      ...kept.map((row) => {
        const names = Object.keys(row);
        const values = names.map(() => "?").join(", ");
        return env.DB.prepare(`insert into ${table} (${names.join(", ")}) values (${values})`).bind(
          ...Object.values(row),
        );
      }),
    ]);
}
