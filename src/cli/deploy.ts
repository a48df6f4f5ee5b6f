/**
 * `npm run deploy`: everything that a deployment needs, in the order that keeps the running release working: queues and
 * database when they do not exist yet, migrations, then the Worker with its secrets. Running it again is harmless.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root, runWrangler } from "./wrangler.ts";

/** The secrets and settings of production (see .dev.vars.example); uploaded when the file is there. */
const secretsFile = ".production.vars";

const production = readFileSync(resolve(root, "wrangler.toml"), "utf8").split("\n[env.sandbox]\n")[0] ?? "";
const database = one(/^database_name = "([^"]+)"/m);
const location = one(/^LOCATION_HINT = "([^"]+)"/m);
const queues = [
  ...new Set([...production.matchAll(/^(?:queue|dead_letter_queue) = "([^"]+)"/gm)].map(([, name = ""]) => name)),
];

for (const queue of queues) {
  await ensure(`queue ${queue}`, ["queues", "info", queue], ["queues", "create", queue]);
}
await ensure(`database ${database}`, ["d1", "info", database], ["d1", "create", database, "--location", location]);
await must("migrations", ["d1", "migrations", "apply", database, "--remote", "--env="]);
const secrets = existsSync(resolve(root, secretsFile)) ? ["--secrets-file", secretsFile] : [];
const deployed = await must("worker", ["deploy", "--env=", ...secrets]);

const url = /https:\/\/\S+\.workers\.dev/.exec(deployed)?.[0] ?? "https://<your Worker>";
console.log(`
Deployed. Two things are done once, at Stripe:
  an endpoint ${url}/api/v1/webhooks for your own account's events, and another one for connected accounts;
  their signing secrets belong into STRIPE_WEBHOOK_SECRETS (${secretsFile}, then deploy again).
Then: curl ${url}/api/v1/status`);

function one(pattern: RegExp): string {
  const found = pattern.exec(production)?.[1];
  if (found === undefined) throw new Error(`wrangler.toml has no ${pattern.source} for production`);
  return found;
}

async function ensure(what: string, look: string[], create: string[]): Promise<void> {
  console.log(`--- ${what}`);
  if ((await runWrangler(look)).code === 0) return console.log("exists");
  const { code, output } = await runWrangler(create);
  if (code !== 0) giveUp(what, output);
  console.log("created");
}

async function must(what: string, args: string[]): Promise<string> {
  console.log(`--- ${what}`);
  const { code, output } = await runWrangler(args, true);
  if (code !== 0) giveUp(what, "");
  return output;
}

function giveUp(what: string, output: string): never {
  console.error(
    `${output}\n${what}: failed, and nothing after it was done. Repair the cause, then npm run deploy again.`,
  );
  process.exit(1);
}
