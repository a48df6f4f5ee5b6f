import { type Cloudflare, notThere, unlessMissing } from "./cloudflare.ts";
import type { Deployed } from "./configuration.ts";
import { type SchemaObject, schemaQuery } from "./schema-objects.ts";

/** The things that exist in the account under our names, before anything is changed. */
export interface Found {
  worker: { bindings: Binding[] } | undefined;
  /** The account's name under workers.dev. */
  workersDev: string | undefined;
  queues: { name: string; found: Queue | undefined }[];
  database: FoundDatabase | undefined;
}

export interface Binding {
  type: string;
  name: string;
  class_name?: string;
}

export interface Queue {
  queue_name: string;
  producers?: User[];
  consumers?: User[];
}

/** A producer or consumer of a queue: a Worker, under one of two names of its field, or something else. */
interface User {
  type: string;
  script?: string;
  script_name?: string;
  service?: string;
}

interface DatabaseInfo {
  uuid: string;
  jurisdiction?: string | null;
  /** The region in which it really is: "WEUR". */
  running_in_region?: string;
}

/** A database that exists, with its schema. */
export interface FoundDatabase extends DatabaseInfo {
  objects: SchemaObject[];
  /** The names of the migrations that it has recorded. */
  migrations: string[];
}

/**
 * Reads everything that a deployment would touch, and changes nothing. Something is missing only if Cloudflare says
 * that it does not exist: every other failure is thrown, because creating it would be a guess.
 */
export async function lookAround(cloudflare: Cloudflare, deployed: Deployed): Promise<Found> {
  const [worker, subdomain, database, ...queues] = await Promise.all([
    unlessMissing(
      cloudflare.ask<{ bindings: Binding[] }>(`/workers/scripts/${deployed.worker}/settings`),
      notThere.worker,
    ),
    unlessMissing(cloudflare.ask<{ subdomain: string }>("/workers/subdomain"), notThere.subdomain),
    findDatabase(cloudflare, deployed.database.key),
    ...deployed.queues.map((name) => findQueue(cloudflare, name)),
  ]);
  return { worker, workersDev: subdomain?.subdomain || undefined, queues, database };
}

async function findQueue(cloudflare: Cloudflare, name: string): Promise<Found["queues"][number]> {
  const found = await cloudflare.ask<Queue[]>(`/queues?name=${encodeURIComponent(name)}`);
  return { name, found: found.find(({ queue_name }) => queue_name === name) };
}

/** Finds the database of this name or id, with its schema. Throws CloudflareError. */
export async function findDatabase(cloudflare: Cloudflare, key: string): Promise<FoundDatabase | undefined> {
  const asked = cloudflare.ask<DatabaseInfo>(`/d1/database/${encodeURIComponent(key)}`);
  const found = await unlessMissing(asked, notThere.database);
  if (found === undefined) return undefined;
  const objects = await query<SchemaObject>(cloudflare, found.uuid, schemaQuery);
  const hasRecord = objects.some((one) => one.name === "d1_migrations");
  const rows = hasRecord ? await query<{ name: string }>(cloudflare, found.uuid, "SELECT name FROM d1_migrations") : [];
  return { ...found, objects, migrations: rows.map((row) => row.name) };
}

/**
 * Returns a bookmark to which `wrangler d1 time-travel restore` can restore the database, for 30 days. Throws
 * CloudflareError.
 */
export async function bookmarkOf(cloudflare: Cloudflare, { uuid }: FoundDatabase): Promise<string> {
  return (await cloudflare.ask<{ bookmark: string }>(`/d1/database/${uuid}/time_travel/bookmark`)).bookmark;
}

async function query<Row>(cloudflare: Cloudflare, uuid: string, sql: string): Promise<Row[]> {
  const [answer] = await cloudflare.ask<{ results: Row[] }[]>(`/d1/database/${uuid}/query`, { sql });
  return answer?.results ?? [];
}
