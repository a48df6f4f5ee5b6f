import { env } from "cloudflare:workers";
import type { Journey } from "../../journey";

type Row = Record<string, unknown>;

/** Every row of the database, by table, and the moment at which it stood so. */
export interface Snapshot {
  atMs: number;
  tables: Map<string, Row[]>;
}

/** Copies the whole database. The emulator keeps its own state. */
export async function takeSnapshot(journey: Journey): Promise<Snapshot> {
  const tables = new Map<string, Row[]>();
  for (const { name } of await schemaOf("table")) {
    tables.set(name, (await env.DB.prepare(`select * from "${name}"`).all<Row>()).results);
  }
  return { atMs: await nowMs(journey), tables };
}

/** Restores the database from the copy, as a real restore does: whatever Stripe has done since is forgotten here. */
export async function putBack({ tables }: Snapshot): Promise<void> {
  const triggers = await schemaOf("trigger");
  await env.DB.batch([
    env.DB.prepare("pragma defer_foreign_keys = on"),
    ...triggers.map(({ name }) => env.DB.prepare(`drop trigger "${name}"`)),
    ...[...tables.keys()].map((name) => env.DB.prepare(`delete from "${name}"`)),
    ...[...tables].flatMap(([name, rows]) => rows.map((row) => insertion(name, row))),
    ...triggers.map(({ sql }) => env.DB.prepare(sql)),
  ]);
}

/** Records that it was restored. Changes wait from here on. */
export async function markRestored(journey: Journey, { atMs }: Snapshot): Promise<void> {
  const body = { restored_to: new Date(atMs).toISOString() };
  await journey.must(200, "POST", "/admin/restore", { token: "admin_sandbox", body });
}

/** Searches the whole lost time. Returns the outcomes by id. */
export async function recover(journey: Journey): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let place: unknown; place !== null; ) {
    const body = place === undefined ? {} : { place };
    const { data } = (await journey.must(200, "POST", "/admin/restore/recover", { token: "admin_sandbox", body })).body;
    for (const { id, outcome } of data.found) found[id] = outcome;
    place = data.next;
  }
  await journey.must(204, "POST", "/admin/restore/end", { token: "admin_sandbox" });
  return found;
}

/** The whole of it, one after the other, and what was due is done. */
export async function restore(journey: Journey, snapshot: Snapshot): Promise<Record<string, string>> {
  await putBack(snapshot);
  await markRestored(journey, snapshot);
  const found = await recover(journey);
  await journey.advance(6 * 60);
  return found;
}

async function nowMs(journey: Journey): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds * 1000;
}

function insertion(table: string, row: Row): D1PreparedStatement {
  const names = Object.keys(row);
  const values = names.map(() => "?").join(", ");
  return env.DB.prepare(
    `insert into "${table}" (${names.map((name) => `"${name}"`).join(", ")}) values (${values})`,
  ).bind(...Object.values(row));
}

async function schemaOf(type: "table" | "trigger"): Promise<{ name: string; sql: string }[]> {
  const { results } = await env.DB.prepare(
    `select name, sql from sqlite_master where type = ? and name not like 'sqlite_%' and name not like '_cf_%'
     and name <> 'd1_migrations' and sql is not null`,
  )
    .bind(type)
    .all<{ name: string; sql: string }>();
  return results;
}
