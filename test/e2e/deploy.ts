/**
 * Tests `npm run deploy` as its owner would run it: the real wrangler, with a stand-in for Cloudflare's API. Each
 * scenario says what must be in the account afterwards, and which words the owner reads.
 */
import assert from "node:assert/strict";
import { failure } from "./deploy/answers.ts";
import { deploy, goodSettings } from "./deploy/run.ts";
import { account, CloudflareStandIn, type Given } from "./deploy/stand-in.ts";

const triggers = [
  ...["journal", "postings", "wallet_entries"].flatMap((table) => [`${table}_no_delete`, `${table}_no_update`]),
  "wallet_entries_open_day",
  ...["offers", "payout_accounts", "payout_accounts_again", "testimonies"].map((table) => `${table}_of_deleted`),
].toSorted();
const queues = ["accord-deliveries", "accord-deliveries-dead", "accord-work", "accord-work-dead"];

const scenarios: Record<string, () => Promise<void>> = {
  "a fresh account whose D1 loses triggers, an exported key, # and $ in values; then once more": async () => {
    const cloudflare = await standIn({ triggers: "lost" });
    const settings = `${goodSettings}TURNSTILE_SECRET='a#b$HOME'\nMERCHANT_NAME="Shop #1"\n`;
    const shell = { STRIPE_SECRET_KEY: "sk_test_of_the_shell" };
    const first = await deploy(cloudflare, { settings, shell });
    assert.equal(first.code, 0, first.said);
    assert.match(first.said, /Missing after the migrations: trigger postings_no_update, .*Importing that as a file/);
    assert.match(first.said, /Deployed\. Look: curl https:\/\/accord\.one\.workers\.dev\/api\/v1\/status/);
    assert.doesNotMatch(first.said, /can't be used together/);
    assert.deepEqual(cloudflare.queues.map(({ queue_name }) => queue_name).sort(), queues);
    assert.deepEqual(
      cloudflare.databases.map(({ made }) => made),
      [{ name: "accord", primary_location_hint: "weur" }],
    );
    assert.deepEqual(cloudflare.databases[0]?.names("trigger"), triggers);
    assert.deepEqual(cloudflare.crons, ["* * * * *"]);
    assert.deepEqual(cloudflare.metadata.get("accord")?.placement, { mode: "targeted", region: "aws:eu-central-1" });
    assert.deepEqual(secretsOf(cloudflare), {
      STRIPE_SECRET_KEY: "sk_test_of_the_file",
      ADMIN_TOKENS: `anna:${"1f0a2b3c".repeat(8)}`,
      TURNSTILE_SECRET: "a#b$HOME",
      MERCHANT_NAME: "Shop #1",
    });

    cloudflare.changes.length = 0;
    if (cloudflare.databases[0]) cloudflare.databases[0].region = "EEUR";
    const second = await deploy(cloudflare, { settings: `ADMIN_TOKENS=ben:${"2e1b4d5f".repeat(8)}\n` });
    assert.equal(second.code, 0, second.said);
    assert.match(second.said, /before them: bookmark 00000001-00000002\n/);
    assert.match(second.said, /database accord: exists\n +It is in eeur, whatever LOCATION_HINT \(weur\) says/);
    assert.match(second.said, /No migrations to apply/);
    assert.deepEqual(
      cloudflare.changes.filter((change) => /POST \/(queues|d1\/database)$/.test(change)),
      [],
    );
    assert.deepEqual(secretsOf(cloudflare), {
      STRIPE_SECRET_KEY: "sk_test_of_the_file",
      ADMIN_TOKENS: `ben:${"2e1b4d5f".repeat(8)}`,
      TURNSTILE_SECRET: "a#b$HOME",
      MERCHANT_NAME: "Shop #1",
    });
  },

  "two accounts, and nobody says which": async () => {
    const other = { id: "b".repeat(32), name: "Two" };
    const cloudflare = await standIn({ accounts: [account, other] });
    const { code, said } = await deploy(cloudflare, { shell: { CLOUDFLARE_ACCOUNT_ID: undefined } });
    stopped(cloudflare, code, said, /several Cloudflare accounts.*CLOUDFLARE_ACCOUNT_ID=<id> npm run deploy/);
    assert.match(said, /a{32} {2}One\n {2}b{32} {2}Two/);
  },

  "the only account of the login, and no subdomain": async () => {
    const cloudflare = await standIn({ subdomain: undefined });
    const { code, said } = await deploy(cloudflare, { shell: { CLOUDFLARE_ACCOUNT_ID: undefined } });
    stopped(
      cloudflare,
      code,
      said,
      /no workers\.dev subdomain yet.*\n +https:\/\/dash\.cloudflare\.com\/a{32}\/workers\/onboarding/,
    );
  },

  "a database of our name that is another's": async () => {
    const cloudflare = await standIn();
    cloudflare.addDatabase("accord").sqlite.exec("CREATE TABLE articles (id TEXT)");
    const { code, said } = await deploy(cloudflare);
    stopped(cloudflare, code, said, /The database accord has tables that are not ours \(articles\)/);
    assert.deepEqual(cloudflare.databases[0]?.names("table"), ["articles"]);
  },

  "a placeholder is left in the settings": async () => {
    const cloudflare = await standIn();
    const settings = `${goodSettings}STRIPE_WEBHOOK_SECRETS=whsec_platform,whsec_connected_accounts\n`;
    const { code, said } = await deploy(cloudflare, { settings });
    stopped(
      cloudflare,
      code,
      said,
      /production\.vars is not fit to be uploaded:\n +STRIPE_WEBHOOK_SECRETS is still a value/,
    );
    assert.doesNotMatch(said, /whsec_/);
  },

  "a rehearsal": async () => {
    const cloudflare = await standIn();
    cloudflare.addQueue("accord-work", "accord");
    const { code, said } = await deploy(cloudflare, { args: ["--dry-run"] });
    assert.equal(code, 0, said);
    assert.match(said, /queue accord-work: exists\n/);
    assert.match(said, /queue accord-work-dead: would be created\n/);
    assert.match(
      said,
      /database accord: would be created \(weur\)\nmigrations: would apply 0000_accord\.sql(, [\w-]+\.sql)*\n/,
    );
    assert.match(said, /address: https:\/\/accord\.one\.workers\.dev\n\nNothing was changed\.\n$/);
    assert.deepEqual(cloudflare.changes, []);
  },

  "a rehearsal that npm keeps for itself, and a word that nobody knows": async () => {
    const cloudflare = await standIn();
    const kept = await deploy(cloudflare, { shell: { npm_config_dry_run: "true" } });
    const misspelt = await deploy(cloudflare, { args: ["--dryrun"] });
    for (const { code, said } of [kept, misspelt]) {
      assert.equal(code, 2, said);
      assert.match(said, /Nothing was done\.\nA rehearsal is: npm run deploy -- --dry-run\./);
    }
    assert.deepEqual(cloudflare.changes, []);
  },

  "a queue that cannot be made": async () => {
    const answer = failure(403, 10000, "Authentication error");
    const cloudflare = await standIn({ fails: { method: "POST", path: /^\/queues$/, answer } });
    const { code, said } = await deploy(cloudflare);
    stopped(
      cloudflare,
      code,
      said,
      /POST \S+\/queues was answered 403: Authentication error \[code 10000\]\nA token needs edit rights/,
    );
  },

  "a migration that D1 refuses, in both ways": async () => {
    const answer = failure(500, 7500, "no import today");
    const fails = { method: "POST", path: /\/import$/, answer };
    const cloudflare = await standIn({ triggers: "refused", fails });
    const { code, said } = await deploy(cloudflare);
    assert.notEqual(code, 0, said);
    assert.match(said, /incomplete input/);
    assert.match(said, /The database lacks table \w+, .* and \d+ more\. Nothing is served from it/);
    assert.deepEqual(cloudflare.databases[0]?.names("trigger"), []);
    assert.deepEqual([...cloudflare.workers.keys()], []);
  },

  "triggers that D1 takes in no way": async () => {
    const answer = failure(500, 7500, "no import today");
    const cloudflare = await standIn({ triggers: "lost", fails: { method: "POST", path: /\/import$/, answer } });
    const { code, said } = await deploy(cloudflare);
    assert.notEqual(code, 0, said);
    assert.match(said, /The database lacks trigger postings_no_update, .* and 4 more\. Nothing is served from it/);
    assert.deepEqual([...cloudflare.workers.keys()], []);
  },
};

const standIns: CloudflareStandIn[] = [];

async function standIn(given: Given = {}): Promise<CloudflareStandIn> {
  const cloudflare = await new CloudflareStandIn(given).listen();
  standIns.push(cloudflare);
  return cloudflare;
}

/** Expects that it stopped with these words and changed nothing. */
function stopped(cloudflare: CloudflareStandIn, code: number, said: string, words: RegExp): void {
  assert.notEqual(code, 0, said);
  assert.match(said, words);
  assert.match(said, /Stopped; nothing after this was done\./);
  assert.deepEqual(cloudflare.changes, []);
}

function secretsOf(cloudflare: CloudflareStandIn): Record<string, string | undefined> {
  const secrets = (cloudflare.workers.get("accord") ?? []).filter(({ type }) => type === "secret_text");
  return Object.fromEntries(secrets.map(({ name, text }) => [name, text]));
}

const only = process.argv[2];
const chosen = Object.entries(scenarios).filter(([name]) => only === undefined || name.includes(only));
// Two rows run at a time: the long scenario, and the others one after the other.
const failures: string[] = [];
await Promise.all([chosen.slice(0, 1), chosen.slice(1)].map((row) => runInOrder(row)));
for (const cloudflare of standIns) cloudflare.close();
console.log(`${chosen.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function runInOrder(row: typeof chosen): Promise<void> {
  for (const [name, scenario] of row) {
    const startedAtMs = performance.now();
    try {
      await scenario();
      console.log(`ok    ${name} (${((performance.now() - startedAtMs) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failures.push(name);
      console.log(`FAIL  ${name}\n${error instanceof Error ? error.message : error}`);
    }
  }
}
