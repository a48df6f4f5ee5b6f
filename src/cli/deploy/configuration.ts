import { resolve } from "node:path";
import { unstable_readConfig } from "wrangler";
import { root } from "../wrangler.ts";
import { Refused } from "./refused.ts";

/** The Worker's parts, by their names at Cloudflare. */
export interface Deployed {
  worker: string;
  /** The account in the file; undefined if the environment or the login names it. */
  accountId: string | undefined;
  /** Names and classes of the Durable Objects: a Worker that has one of them is ours. */
  objects: { name: string; class_name: string }[];
  queues: string[];
  /** `key` is the name or id by which it is found: its id if the file has one, as a deploy button writes it. */
  database: { key: string; name: string; jurisdiction: string | undefined };
  /** The Worker's environment beside its secrets: every binding by its name, and the settings of the file. */
  handed: Record<string, unknown>;
  migrationsFolder: string;
  location: Location;
  /** Whether the Worker gets an address under workers.dev. */
  onWorkersDev: boolean;
  /** The Worker's first domain, if it has one. */
  domain: string | undefined;
}

/**
 * The part of wrangler's configuration that we need. Wrangler's own type depends on a package that it does not install.
 */
interface WranglerConfiguration {
  name?: string;
  account_id?: string;
  vars: Record<string, unknown>;
  placement?: { region?: string };
  workers_dev?: boolean;
  route?: Route;
  routes?: Route[];
  durable_objects: { bindings: Deployed["objects"] };
  d1_databases: {
    binding: string;
    database_id?: string;
    database_name?: string;
    jurisdiction?: string;
    migrations_dir?: string;
  }[];
  assets?: { binding?: string };
  ratelimits?: { name: string }[];
  send_email?: { name: string }[];
  queues: {
    producers: { binding: string; queue?: string }[];
    consumers?: { queue?: string; dead_letter_queue?: string }[];
  };
}

type Route = string | { pattern: string };

/** The locations for D1 databases (`wrangler d1 create --location`), and a cloud region close to each. */
export const regions = {
  weur: "aws:eu-central-1",
  eeur: "gcp:europe-central2",
  enam: "aws:us-east-1",
  wnam: "aws:us-west-2",
  apac: "aws:ap-southeast-1",
  oc: "aws:ap-southeast-2",
} as const;

type Location = keyof typeof regions;

/**
 * Reads wrangler.toml (or the file that a deploy button made of it) by its bindings, because the person who deploys
 * chooses the names behind them. Refuses missing parts, and a Worker placed far from its database.
 */
export function readConfiguration(path = resolve(root, "wrangler.toml")): Deployed {
  const config: WranglerConfiguration = unstable_readConfig({ config: path, env: "" });
  const database = config.d1_databases.find(({ binding }) => binding === "DB");
  const { producers, consumers = [] } = config.queues;
  const queues = [
    ...producers.map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue]),
  ].filter((queue) => typeof queue === "string");
  if (config.name === undefined || typeof database?.database_name !== "string" || queues.length === 0) {
    throw new Refused("wrangler.toml has no name of the Worker, no database bound to DB, or no queue.");
  }
  const routes = [...(config.routes ?? []), ...(config.route === undefined ? [] : [config.route])];
  return {
    worker: config.name,
    accountId: config.account_id,
    objects: config.durable_objects.bindings,
    queues: [...new Set(queues)],
    database: {
      key: database.database_id ?? database.database_name,
      name: database.database_name,
      jurisdiction: database.jurisdiction,
    },
    handed: handedBy(config),
    migrationsFolder: resolve(root, database.migrations_dir ?? "migrations"),
    location: locationOf(config.vars.LOCATION_HINT, config.placement?.region),
    onWorkersDev: config.workers_dev ?? routes.length === 0,
    domain: routes.map((route) => (typeof route === "string" ? route : route.pattern))[0],
  };
}

function handedBy(config: WranglerConfiguration): Deployed["handed"] {
  const names = [
    ...config.d1_databases.map(({ binding }) => binding),
    ...config.durable_objects.bindings.map(({ name }) => name),
    ...config.queues.producers.map(({ binding }) => binding),
    ...[...(config.ratelimits ?? []), ...(config.send_email ?? [])].map(({ name }) => name),
    ...(config.assets?.binding === undefined ? [] : [config.assets.binding]),
  ];
  return { ...Object.fromEntries(names.map((name) => [name, {}])), ...config.vars };
}

function locationOf(hint: unknown, region: string | undefined): Location {
  const location = Object.keys(regions).find((name): name is Location => name === hint);
  if (location === undefined) {
    throw new Refused(`LOCATION_HINT in wrangler.toml is none of ${Object.keys(regions).join(", ")}.`);
  }
  if (region !== undefined && region !== regions[location]) {
    throw new Refused(
      `wrangler.toml places the Worker at ${region}, but its database at ${location}: each question to the database would`,
      `cross that distance. Write region = "${regions[location]}" under [placement], or change LOCATION_HINT.`,
    );
  }
  return location;
}
