/**
 * `npm run deploy`: does everything that a deployment needs, in an order that keeps the running release working. First
 * it only reads: settings, account, and what exists under our names. Then it makes missing queues and the database,
 * applies migrations, and uploads the Worker with its settings. Running it again is harmless. `-- --dry-run` says what
 * it would do.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleWorker } from "./bundle-worker.ts";
import { connect } from "./deploy/account.ts";
import { type Cloudflare, CloudflareError, create } from "./deploy/cloudflare.ts";
import { type Deployed, readConfiguration } from "./deploy/configuration.ts";
import { bookmarkOf, type Found, lookAround } from "./deploy/look-around.ts";
import { malformedSettings } from "./deploy/malformed.ts";
import { migrate } from "./deploy/migrate.ts";
import { refuseWhatIsInTheWay } from "./deploy/preflight.ts";
import { Refused } from "./deploy/refused.ts";
import { migrationsIn, schemaAfter } from "./deploy/schema-objects.ts";
import { withSecretsFile } from "./deploy/secrets-file.ts";
import { readSettings } from "./deploy/settings.ts";
import { refuseAutomaticPayouts } from "./deploy/stripe-payouts.ts";
import { root, runWrangler } from "./wrangler.ts";
import { readWorkerFile } from "./wrangler-file.ts";

/** The file with the settings of production (see .dev.vars.example); ACCORD_SETTINGS names another. */
const settingsFile = process.env.ACCORD_SETTINGS ?? ".production.vars";
const isRehearsal = readOptions();

try {
  await deploy();
} catch (error) {
  if (!(error instanceof Refused || error instanceof CloudflareError)) throw error;
  const hint = error instanceof CloudflareError ? `\n${advice(error)}` : "";
  console.error(
    `\n${error.message}${hint}\n\nStopped; nothing after this was done. Then: ${isRehearsal ? "npm run deploy -- --dry-run" : "npm run deploy"} again.`,
  );
  process.exitCode = 1;
}

/**
 * Tells whether this is a rehearsal. Anything that it does not know ends the process, and so does an option that npm has
 * kept for itself, because a deployment by mistake cannot be taken back.
 */
function readOptions(): boolean {
  try {
    const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
    if (values["dry-run"] || process.env.npm_config_dry_run !== "true") return values["dry-run"];
    console.error("npm has kept --dry-run for itself. Nothing was done.");
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}. Nothing was done.`);
  }
  console.error("A rehearsal is: npm run deploy -- --dry-run. A deployment is: npm run deploy.");
  process.exit(2);
}

async function deploy(): Promise<void> {
  const settings = await settingsToUpload();
  const deployed = readConfiguration();
  await refuseAutomaticPayouts(settings);
  const migrations = migrationsIn(deployed.migrationsFolder);
  const schema = schemaAfter(migrations);
  const cloudflare = await connect(deployed.accountId);
  console.log(`account: ${cloudflare.accountId}`);
  const found = await lookAround(cloudflare, deployed);
  refuseWhatIsInTheWay(cloudflare, found, { deployed, settings, migrations, schema });
  if (isRehearsal) {
    const pending = migrations.map(({ name }) => name).filter((name) => !found.database?.migrations.includes(name));
    return rehearse(found, deployed, pending);
  }

  await createWhatIsMissing(cloudflare, found, deployed);
  const wrangler = async (args: string[]) => runWrangler(args, true, { CLOUDFLARE_ACCOUNT_ID: cloudflare.accountId });
  const succeeds = async (args: string[]) => (await wrangler(args)).code === 0;
  console.log("--- migrations");
  if (found.database) console.log(`before them: bookmark ${await bookmarkOf(cloudflare, found.database)}`);
  await migrate({ cloudflare, database: deployed.database.key, migrations, schema, wrangler: succeeds });
  console.log(`all ${schema.length} tables, indexes and triggers are there`);

  console.log(`--- Worker ${deployed.worker}`);
  // Workers Builds ignores [build] of wrangler.toml, so the build runs here.
  if (process.env.WORKERS_CI === "1")
    execFileSync(process.execPath, ["src/cli/build.ts"], { cwd: root, stdio: "inherit" });
  const worker = await writeWorker();
  const { code, output } = await withSecretsFile(settings, (file) => {
    const secrets = Object.keys(settings).length > 0 ? ["--secrets-file", file] : [];
    // It is minified already, and wrangler would warn of `minify` in its file.
    const asItIs = ["--no-bundle", "--minify=false", "--config", "wrangler.toml", "--env="];
    return wrangler(["deploy", worker, ...asItIs, ...secrets]);
  });
  if (code !== 0) {
    throw new Refused(
      "wrangler could not deploy the Worker, or not all of it. Its words are above; repair what they say.",
    );
  }
  sayWhatIsLeft(deployed, /https:\/\/\S+\.workers\.dev/.exec(output)?.[0]);
}

/** Writes the Worker as one module. Returns its path. */
async function writeWorker(): Promise<string> {
  const path = resolve(root, "dist/worker/index.js"); // alone in its folder, because wrangler uploads what is beside it
  const { code } = await bundleWorker(readWorkerFile().main, { minify: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
  return path;
}

/**
 * Reads the settings to upload. Refuses the whole file if one line must not be uploaded. Without a file Cloudflare
 * keeps its settings.
 */
async function settingsToUpload(): Promise<Record<string, string>> {
  const path = resolve(root, settingsFile);
  if (!existsSync(path)) {
    console.log(`settings: ${settingsFile} is not there, so the Worker keeps those that it has`);
    return {};
  }
  const { values, problems } = readSettings(
    readFileSync(path, "utf8"),
    readFileSync(resolve(root, ".dev.vars.example"), "utf8"),
  );
  if (problems.length === 0) problems.push(...(await malformedSettings(values)));
  if (problems.length > 0)
    throw new Refused(`${settingsFile} is not fit to be uploaded:`, ...problems.map((one) => `  ${one}`));
  const mode = /^(?:sk|rk)_(live|test)_/.exec(values.STRIPE_SECRET_KEY ?? "")?.[1];
  console.log(`settings: ${Object.keys(values).join(", ")}${mode ? `; Stripe's key is of ${mode} mode` : ""}`);
  if (values.ADMIN_TOKENS === undefined)
    console.log("  ADMIN_TOKENS is not among them: unless the Worker has it already, nobody is let in as operator.");
  return values;
}

async function createWhatIsMissing(
  cloudflare: Cloudflare,
  found: Found,
  { database, location }: Deployed,
): Promise<void> {
  for (const { name, found: queue } of found.queues) {
    const made = queue === undefined && (await create(cloudflare, "/queues", { queue_name: name }));
    console.log(`queue ${name}: ${made ? "created" : "exists"}`);
  }
  const where = placeOf({ database, location });
  const made = !found.database && (await create(cloudflare, "/d1/database", { name: database.name, ...where }));
  console.log(`database ${database.name}: ${made ? `created (${Object.values(where)})` : "exists"}`);
  const region = found.database?.running_in_region?.toLowerCase();
  if (region !== undefined && region !== location) {
    console.log(`  It is in ${region}, whatever LOCATION_HINT (${location}) says: a database stays where it was made.`);
  }
}

/** Returns where the database is to be made. */
function placeOf({ database, location }: Pick<Deployed, "database" | "location">): Record<string, string> {
  return database.jurisdiction ? { jurisdiction: database.jurisdiction } : { primary_location_hint: location };
}

function rehearse(found: Found, deployed: Deployed, pending: string[]): void {
  for (const { name, found: queue } of found.queues)
    console.log(`queue ${name}: ${queue ? "exists" : "would be created"}`);
  console.log(
    `database ${deployed.database.name}: ${found.database ? "exists" : `would be created (${Object.values(placeOf(deployed))})`}`,
  );
  console.log(`migrations: ${pending.length > 0 ? `would apply ${pending.join(", ")}` : "none to apply"}`);
  console.log(`Worker ${deployed.worker}: would be ${found.worker ? "replaced" : "created"}`);
  console.log(`address: ${addressOf(deployed) ?? `https://${deployed.worker}.${found.workersDev}.workers.dev`}`);
  console.log("\nNothing was changed.");
}

/** Returns the address under a domain of one's own; undefined without one. */
function addressOf({ domain }: Deployed): string | undefined {
  return domain && `https://${domain.replace(/\/.*$/, "")}`;
}

function sayWhatIsLeft(deployed: Deployed, workersDev: string | undefined): void {
  const url = addressOf(deployed) ?? workersDev ?? "https://<your Worker>";
  console.log(`
Deployed. Look: curl ${url}/api/v1/status
Once, at Stripe: the two webhook endpoints at ${url}/api/v1/webhooks (src/guides/deploy.md, step 6).
After a first deployment the cron trigger, which finishes what was interrupted, takes up to 15 minutes to begin.`);
}

function advice({ status }: CloudflareError): string {
  if (status === 0) return "Is this machine online?";
  if (status === 401 || status === 403) {
    return "A token needs edit rights on Workers Scripts, D1 and Queues of this account.";
  }
  return "If that names nothing that you can mend, try again in some minutes. https://www.cloudflarestatus.com tells of faults.";
}
