import type { Cloudflare } from "./cloudflare.ts";
import type { Deployed } from "./configuration.ts";
import type { Found, FoundDatabase, Queue } from "./look-around.ts";
import { Refused } from "./refused.ts";
import { missingFrom, type SchemaObject } from "./schema-objects.ts";

export interface Intended {
  deployed: Deployed;
  /** The settings to upload. */
  settings: Record<string, string>;
  migrations: readonly { name: string }[];
  schema: readonly SchemaObject[];
}

/**
 * Refuses a deployment into an account in which it would take over what is not ours, or stop half-way. Lists all
 * problems at once. Changes nothing.
 */
export function refuseWhatIsInTheWay(cloudflare: Cloudflare, found: Found, intended: Intended): void {
  const problems = [
    ...workerProblems(found, intended),
    ...addressProblems(cloudflare, found, intended.deployed),
    ...found.queues.flatMap(({ name, found: queue }) => queueProblems(name, queue, intended.deployed.worker)),
    ...databaseProblems(found.database, intended),
  ];
  if (problems.length > 0) throw new Refused(...problems);
}

function workerProblems({ worker }: Found, { deployed, settings }: Intended): string[] {
  // In Workers Builds the Worker is the one that the repository was connected to: wrangler checks that, and its
  // settings are there.
  if (process.env.WORKERS_CI === "1") return [];
  const name = deployed.worker;
  const isOurs = worker?.bindings.some(
    (one) =>
      one.type === "durable_object_namespace" &&
      deployed.objects.some((object) => object.name === one.name && object.class_name === one.class_name),
  );
  if (worker !== undefined && !isOurs) {
    return [
      `There is a Worker ${name} in this account already, and it is not this one: it has none of its Durable Objects. Give`,
      "  ours another name in wrangler.toml, or set CLOUDFLARE_ACCOUNT_ID to another account.",
    ];
  }
  const needed = [
    "STRIPE_SECRET_KEY",
    ...(/_live_/.test(settings.STRIPE_SECRET_KEY ?? "") ? ["FRONTEND_URL", "STRIPE_WEBHOOK_SECRETS"] : []),
  ];
  return needed
    .filter((setting) => !(setting in settings) && !worker?.bindings.some((one) => one.name === setting))
    .map(
      (setting) => `${setting} is neither in .production.vars nor a secret of the Worker yet: nothing would be served.`,
    );
}

function addressProblems(cloudflare: Cloudflare, found: Found, deployed: Deployed): string[] {
  if (!deployed.onWorkersDev || found.workersDev !== undefined) return [];
  return [
    "This account has no workers.dev subdomain yet, and the Worker would have no address. Register one at",
    `  https://dash.cloudflare.com/${cloudflare.accountId}/workers/onboarding`,
    "  or give wrangler.toml a domain of your own: routes = [{ pattern, custom_domain = true }], workers_dev = false.",
  ];
}

function queueProblems(name: string, queue: Queue | undefined, worker: string): string[] {
  const strangers = [...(queue?.producers ?? []), ...(queue?.consumers ?? [])]
    .map((user) => user.script ?? user.script_name ?? user.service ?? user.type)
    .filter((user) => user !== worker);
  if (strangers.length === 0) return [];
  return [
    `The queue ${name} is used by ${[...new Set(strangers)].join(", ")}: give ours another name in wrangler.toml, or set`,
    "  CLOUDFLARE_ACCOUNT_ID to another account.",
  ];
}

function databaseProblems(found: FoundDatabase | undefined, { deployed, migrations, schema }: Intended): string[] {
  const { key, name, jurisdiction } = deployed.database;
  if (found === undefined) {
    return key === name
      ? []
      : [`wrangler.toml names the database ${key}, which this account does not have: take database_id out.`];
  }
  const problems = [];
  if (jurisdiction !== undefined && jurisdiction !== found.jurisdiction) {
    problems.push(
      `The database ${name} was not made in the jurisdiction ${jurisdiction}, and that cannot be changed: give ours another`,
      "  name in wrangler.toml, or take the jurisdiction out.",
    );
  }
  const tables = found.objects.filter(({ type, name: table }) => type === "table" && table !== "d1_migrations");
  if (tables.length === 0 || migrations.some((migration) => found.migrations.includes(migration.name))) return problems;
  const foreign = missingFrom(schema, tables);
  const named = (foreign.length > 0 ? foreign : tables).slice(0, 5).map((table) => table.name);
  problems.push(
    foreign.length > 0
      ? `The database ${name} has tables that are not ours (${named.join(", ")}): give ours another name in wrangler.toml, or`
      : `The database ${name} has tables like ours (${named.join(", ")}), but remembers no migration of ours: look what it is;`,
    foreign.length > 0
      ? "  set CLOUDFLARE_ACCOUNT_ID to another account."
      : `  if a first deployment left it half-made and nothing was ever served from it: npx wrangler d1 delete ${name}`,
  );
  return problems;
}
