import { env } from "cloudflare:workers";
import { rows } from "./rows";

/** Makes the statement that changes the rows of `table` that satisfy `where`. */
export function change(table: string, set: string, where = "1"): [table: string, statement: string] {
  return [table, `update ${table} set ${set} where ${where}`];
}

/** Drops the guards that forbid wrong rows. Returns a function that makes them again. */
export async function dropGuards(): Promise<() => Promise<unknown>> {
  const guards = await rows<{ type: string; name: string; sql: string }>(
    "select type, name, sql from sqlite_master where type = 'trigger' or name in ('payouts_of_checkout', 'payments_of_order')",
  );
  for (const { type, name } of guards) await env.DB.prepare(`drop ${type} "${name}"`).run();
  return () => env.DB.batch(guards.map(({ sql }) => env.DB.prepare(sql)));
}

/** Reads a table. Returns a function that restores it. */
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
