import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The time for which a program waits while the sandbox holds the database file. */
export const busyMs = 30_000;

/** A row of the database file. Only numbers and texts are stored. */
export type Row = Record<string, string | number | null>;

/** Queries the database file directly, without our own code. */
export function stored(stateDir: string, query: string): Row[] {
  const database = new DatabaseSync(databaseFile(stateDir), { readOnly: true, timeout: busyMs });
  try {
    return database.prepare(query).all() as Row[];
  } finally {
    database.close();
  }
}

/** Counts unfinished work: Stripe calls, events, idempotency keys, unsent payouts, and deliveries of transfers. */
export function halfDone(stateDir: string): number {
  const [row] = stored(
    stateDir,
    `SELECT (SELECT count(*) FROM stripe_effects WHERE state = 'open')
     + (SELECT count(*) FROM stripe_events WHERE state = 'received')
     + (SELECT count(*) FROM idempotency_keys WHERE done_by IS NULL)
     + (SELECT count(*) FROM payouts WHERE state = 'due')
     + (SELECT count(*) FROM transfer_webhooks WHERE state = 'PENDING') AS n`,
  );
  return Number(row?.n);
}

/** Returns the one database file in a sandbox's folder. */
export function databaseFile(stateDir: string): string {
  const folder = join(stateDir, "v3/d1/miniflare-D1DatabaseObject");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Error(`${names.length} databases in ${folder}`);
  return join(folder, name);
}
