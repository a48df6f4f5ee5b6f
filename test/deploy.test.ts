import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { cloudflareAccount, create } from "../src/cli/deploy/cloudflare";
import { readConfiguration } from "../src/cli/deploy/configuration";
import { lookAround } from "../src/cli/deploy/look";
import { malformedSettings } from "../src/cli/deploy/malformed";
import { migrate } from "../src/cli/deploy/migrate";
import { refuseWhatIsInTheWay } from "../src/cli/deploy/preflight";
import { migrationsIn, schemaAfter } from "../src/cli/deploy/schema-objects";
import { withSecretsFile } from "../src/cli/deploy/secrets-file";
import { readSettings } from "../src/cli/deploy/settings";
import { isPublished } from "../src/published-values";
import { failure } from "./e2e/deploy/answers";
import type { D1 } from "./e2e/deploy/d1";
import { account, CloudflareStandIn, type Given } from "./e2e/deploy/stand-in";

const example = readFileSync(".dev.vars.example", "utf8");
const read = (text: string) => readSettings(text, example);

describe("the settings that are uploaded", () => {
  it("are what the file says, whatever the shell says", () => {
    process.env.STRIPE_SECRET_KEY = "sk_test_of_the_shell";
    const text = `STRIPE_SECRET_KEY=sk_live_of_the_file
ADMIN_TOKENS='anna:a$HOME#b'
TURNSTILE_SECRET="$0 # \${STRIPE_SECRET_KEY}"
MERCHANT_NAME=Accord # what stands on the bill
# FRONTEND_URL=https://nobody.test`;
    expect(read(text)).toEqual({
      values: {
        STRIPE_SECRET_KEY: "sk_live_of_the_file",
        ADMIN_TOKENS: "anna:a$HOME#b",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what must not be expanded
        TURNSTILE_SECRET: "$0 # ${STRIPE_SECRET_KEY}",
        MERCHANT_NAME: "Accord",
      },
      problems: [],
    });
    delete process.env.STRIPE_SECRET_KEY;
  });

  it.each([
    ["TURNSTILE_SECRET=", "TURNSTILE_SECRET is empty: give it a value, or leave the line out"],
    ['TURNSTILE_SECRET="" # later', "TURNSTILE_SECRET is empty: give it a value, or leave the line out"],
    ["FRONTEND_URL=https://shop.test#cart", "FRONTEND_URL has a # in its middle: put quotes around the whole value"],
    ["SANDBOX=true", "SANDBOX is not a setting: .dev.vars.example lists those that there are"],
    ["LOCATION_HINT=oc", "LOCATION_HINT is not a setting: .dev.vars.example lists those that there are"],
    ...["ADMIN_TOKENS=alice:replace_with_64_hex_digits", "STRIPE_SECRET_KEY=sk_test_replace_me"].map((line) => [
      line,
      `${line.split("=")[0]} is still a value that is printed in the repository: put your own there`,
    ]),
  ])("are refused by name: %s", (line, problem) => expect(read(line as string).problems).toEqual([problem]));

  it("are what the Worker takes", async () => {
    const values = { STRIPE_SECRET_KEY: "sk_live_x", FRONTEND_URL: "https://shop.test", ADMIN_TOKENS: "anna:$1#2" };
    expect(await malformedSettings(values)).toEqual([]);
    const wrong = { ...values, STRIPE_PUBLISHABLE_KEY: "pk_test_x", ADMIN_TOKENS: "anna", STRIPE_TIMEOUT_MS: "5" };
    expect(await malformedSettings(wrong)).toEqual([
      expect.stringMatching(/^STRIPE_TIMEOUT_MS /),
      "ADMIN_TOKENS each entry is name:token, entries are separated by commas",
      "STRIPE_PUBLISHABLE_KEY is of the other mode than STRIPE_SECRET_KEY",
    ]);
  });

  it("are in no case what the form itself holds, or the sandbox", () => {
    const filled = [...example.matchAll(/^([A-Z_]+)=(.+)$/gm)];
    expect(filled.map(([, name]) => name)).toEqual(["STRIPE_SECRET_KEY"]);
    for (const [, name, value] of filled) expect(isPublished(value ?? ""), name).toBe(true);

    const sandbox = readFileSync("wrangler.toml", "utf8").split("[env.sandbox.vars]")[1] ?? "";
    const secret = /^(STRIPE_\w+KEY|STRIPE_WEBHOOK_SECRETS|ADMIN_TOKENS|\w+_KEYS) = "(.+)"$/gm;
    const values = [...sandbox.matchAll(secret)];
    expect(values).toHaveLength(7);
    for (const [, name, value] of values) expect(isPublished(value ?? ""), name).toBe(true);
  });

  it.each(["whsec_platform,whsec_own", "whsec_own, whsec_connected_accounts", "https://app.example.com"])(
    "are not %s",
    (value) => expect(isPublished(value)).toBe(true),
  );

  it.each(["whsec_platformXyz", "sk_live_51HsandboxA", "whsec_5Q0replace", "https://shop.example"])(
    "may be %s",
    (value) => expect(isPublished(value)).toBe(false),
  );

  it("lie in a file of the user's alone, which is gone afterwards whatever happens", async () => {
    let path = "";
    const failing = withSecretsFile({ ADMIN_TOKENS: "a:b$c#d" }, async (file) => {
      path = file;
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ADMIN_TOKENS: "a:b$c#d" });
      throw new Error("wrangler broke");
    });
    await expect(failing).rejects.toThrow("wrangler broke");
    expect(path).not.toBe("");
    expect(existsSync(path)).toBe(false);
  });
});

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("leaves no file of settings behind on %s", async (signal) => {
  const script = `import { withSecretsFile } from "./src/cli/deploy/secrets-file.ts";
    setInterval(() => {}, 1000);
    await withSecretsFile({ ADMIN_TOKENS: "a:b" }, (path) => new Promise(() => console.log(path)));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = await new Promise<string>((done) => child.stdout.once("data", (chunk) => done(String(chunk).trim())));
  expect(existsSync(path)).toBe(true);
  child.kill(signal);
  await new Promise((done) => child.on("close", done));
  expect(existsSync(path)).toBe(false);
});

describe("what is deployed", () => {
  const ours = readFileSync("wrangler.toml", "utf8");
  const scratch = mkdtempSync(join(tmpdir(), "configuration-"));
  afterAll(() => rmSync(scratch, { recursive: true }));

  function of(toml: string) {
    const path = join(scratch, "wrangler.toml");
    writeFileSync(path, toml);
    return readConfiguration(path);
  }

  it("is read from wrangler.toml by its bindings", () => {
    expect(of(ours)).toMatchObject({
      worker: "accord",
      accountId: undefined,
      queues: ["accord-work", "accord-deliveries", "accord-work-dead", "accord-deliveries-dead"],
      database: { key: "accord", name: "accord", jurisdiction: undefined },
      location: "weur",
      onWorkersDev: true,
      domain: undefined,
    });
  });

  it("may have other names, an id and a domain of its own", () => {
    const theirs = ours
      .replaceAll("accord-work", "their-work")
      .replace('database_name = "accord"', 'database_name = "theirs"\ndatabase_id = "1-2-3"\njurisdiction = "eu"')
      .replace(
        "workers_dev = true",
        'workers_dev = false\nroutes = [{ pattern = "pay.shop.test", custom_domain = true }]',
      );
    expect(of(theirs)).toMatchObject({
      queues: ["their-work", "accord-deliveries", "their-work-dead", "accord-deliveries-dead"],
      database: { key: "1-2-3", name: "theirs", jurisdiction: "eu" },
      onWorkersDev: false,
      domain: "pay.shop.test",
    });
  });

  it("runs where its database is", () => {
    const elsewhere = (hint: string) => ours.replace('LOCATION_HINT = "weur"', `LOCATION_HINT = "${hint}"`);
    expect(() => of(elsewhere("oc"))).toThrow(/Write region = "aws:ap-southeast-2" under \[placement\]/);
    expect(() => of(elsewhere("sam"))).toThrow(
      /LOCATION_HINT in wrangler.toml is none of weur, eeur, enam, wnam, apac, oc/,
    );
    expect(of(elsewhere("oc").replace("aws:eu-central-1", "aws:ap-southeast-2")).location).toBe("oc");
    expect(of(elsewhere("oc").replace('region = "aws:eu-central-1"', 'mode = "smart"')).location).toBe("oc");
  });
});

describe("before anything is changed", () => {
  const deployed = readConfiguration();
  const migrations = migrationsIn("migrations");
  const schema = schemaAfter(migrations);
  let standIn: CloudflareStandIn;
  afterEach(() => {
    expect(standIn.unknown).toEqual([]);
    expect(standIn.changes).toEqual([]);
    standIn.close();
  });

  /** Looks at an account as `given`, after `prepare`, and says why it is refused; undefined when it is not. */
  async function refusal(
    given: Given = {},
    prepare: (account: CloudflareStandIn) => void = () => {},
    settings: Record<string, string> = { STRIPE_SECRET_KEY: "sk_test_x" },
  ): Promise<string | undefined> {
    standIn = await new CloudflareStandIn(given).listen();
    prepare(standIn);
    process.env.CLOUDFLARE_API_BASE_URL = standIn.origin;
    const cloudflare = cloudflareAccount(account.id, {});
    try {
      const found = await lookAround(cloudflare, deployed);
      refuseWhatIsInTheWay(cloudflare, found, { deployed, settings, migrations, schema });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      delete process.env.CLOUDFLARE_API_BASE_URL;
    }
  }

  const sequencer = { type: "durable_object_namespace", name: "SEQUENCER", class_name: "Sequencer" };

  it("goes on in an empty account", async () => expect(await refusal()).toBeUndefined());

  it("goes on where everything is ours", async () => {
    const ours = (cloudflare: CloudflareStandIn) => {
      cloudflare.workers.set("accord", [sequencer, { type: "secret_text", name: "STRIPE_SECRET_KEY" }]);
      cloudflare.addQueue("accord-work", "accord");
      const database = cloudflare.addDatabase("accord");
      for (const { sql } of migrations) database.sqlite.exec(sql);
      database.sqlite.exec("CREATE TABLE d1_migrations (name TEXT)");
      database.sqlite.exec(`INSERT INTO d1_migrations VALUES ('${migrations[0]?.name}')`);
    };
    expect(await refusal({}, ours, {})).toBeUndefined();
  });

  it("stops at a Worker of the same name that is not ours", async () => {
    const foreign = (cloudflare: CloudflareStandIn) => {
      cloudflare.workers.set("accord", [{ type: "kv_namespace", name: "BLOG" }]);
    };
    expect(await refusal({}, foreign)).toMatch(
      /^There is a Worker accord in this account already, and it is not this one/,
    );
  });

  it("stops without Stripe's key, which no Worker has yet", async () => {
    expect(await refusal({}, undefined, { ADMIN_TOKENS: "a:b" })).toMatch(
      /^STRIPE_SECRET_KEY is neither in \.production\.vars nor a secret of the Worker yet/,
    );
  });

  it("stops where real money comes in, and clients have nowhere to come back to", async () => {
    expect(await refusal({}, undefined, { STRIPE_SECRET_KEY: "sk_live_x" })).toMatch(/^FRONTEND_URL is neither in/);
  });

  it("leaves the Worker to Workers Builds, which knows it", async () => {
    process.env.WORKERS_CI = "1";
    expect(await refusal({}, (cloudflare) => cloudflare.workers.set("accord", []), {})).toBeUndefined();
    delete process.env.WORKERS_CI;
  });

  it("stops without an address, and says where to get one", async () => {
    expect(await refusal({ subdomain: undefined })).toMatch(
      new RegExp(`no workers.dev subdomain yet.*\\n +https://dash.cloudflare.com/${account.id}/workers/onboarding`),
    );
  });

  it("stops at a queue that another Worker uses", async () => {
    expect(await refusal({}, (cloudflare) => cloudflare.addQueue("accord-work-dead", "newsletter"))).toMatch(
      /^The queue accord-work-dead is used by newsletter: /,
    );
  });

  it("stops at a database with tables that are not ours", async () => {
    const foreign = (cloudflare: CloudflareStandIn) => {
      const { sqlite } = cloudflare.addDatabase("accord");
      sqlite.exec("CREATE TABLE d1_migrations (name TEXT); INSERT INTO d1_migrations VALUES ('0000_blog.sql')");
      sqlite.exec("CREATE TABLE articles (id TEXT); CREATE TABLE journal (id TEXT)");
    };
    expect(await refusal({}, foreign)).toMatch(/^The database accord has tables that are not ours \(articles\): /);
  });

  it("stops at a database that was left half-made", async () => {
    const half = (cloudflare: CloudflareStandIn) => {
      cloudflare.addDatabase("accord").sqlite.exec("CREATE TABLE journal (id TEXT)");
    };
    expect(await refusal({}, half)).toMatch(/^The database accord has tables like ours \(journal\), but remembers no/);
  });

  it("says everything that is in the way at once", async () => {
    const both = (cloudflare: CloudflareStandIn) => cloudflare.addQueue("accord-work", "newsletter");
    const said = await refusal({ subdomain: undefined }, both);
    expect(said).toMatch(/workers\.dev subdomain/);
    expect(said).toMatch(/accord-work is used by newsletter/);
  });

  it.each([
    ["/queues", failure(403, 10000, "Authentication error")],
    ["/d1/database/accord", failure(500, 7500, "Internal error")],
    ["/workers/scripts/accord/settings", failure(404, 7003, "No route for that URI")],
    ["/workers/subdomain", failure(429, 971, "Too many requests")],
  ])("takes no failure of GET %s for something that is missing", async (path, answer) => {
    const fails = { method: "GET", path: new RegExp(`^${path}$`), answer };
    expect(await refusal({ fails })).toMatch(
      new RegExp(`${path}\\S* was answered ${answer.status}: .+ \\[code \\d+\\]$`),
    );
  });
});

describe("the migrations", () => {
  const migrations = migrationsIn("migrations");
  const schema = schemaAfter(migrations);

  /** Migrates the stand-in's database with a wrangler that answers `apply`, and takes a file as D1 does. */
  async function migrated(applies: (database: D1) => boolean, before = ""): Promise<{ database: D1; ran: string[] }> {
    const standIn = await new CloudflareStandIn().listen();
    process.env.CLOUDFLARE_API_BASE_URL = standIn.origin;
    const cloudflare = cloudflareAccount(account.id, {});
    delete process.env.CLOUDFLARE_API_BASE_URL;
    const database = standIn.addDatabase("accord");
    database.sqlite.exec(`CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE); ${before}`);
    const ran: string[] = [];
    const wrangler = async ([, verb = "", ...args]: string[]) => {
      ran.push(verb);
      if (verb === "migrations") return applies(database);
      database.sqlite.exec(readFileSync(args.at(-1) ?? "", "utf8"));
      return true;
    };
    try {
      await migrate({ cloudflare, database: "accord", migrations, schema, wrangler });
      return { database, ran };
    } finally {
      standIn.close();
    }
  }

  const remembered = `INSERT INTO d1_migrations (name) VALUES ('${migrations[0]?.name}')`;
  const triggers = schema.filter(({ type }) => type === "trigger").map(({ name }) => name);

  it("are enough where everything is there afterwards", async () => {
    const applies = ({ sqlite }: D1) => {
      for (const { sql } of migrations) sqlite.exec(sql);
      return true;
    };
    expect((await migrated(applies)).ran).toEqual(["migrations"]);
  });

  it("are followed by an import of the triggers that they lost", async () => {
    const applies = ({ sqlite }: D1) => {
      for (const { sql } of migrations) sqlite.exec(sql.replace(/^CREATE TRIGGER.*$/gm, ""));
      return true;
    };
    const { database, ran } = await migrated(applies);
    expect(ran).toEqual(["migrations", "execute"]);
    expect(database.names("trigger")).toEqual(triggers.sort());
  });

  it("are imported, and remembered, where a new database takes them no other way", async () => {
    const { database } = await migrated(() => false);
    expect(database.names("trigger")).toEqual(triggers.sort());
    const rows = database.sqlite.prepare("SELECT name FROM d1_migrations").all();
    expect(rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
  });

  it("are remembered where a new database took a part of them", async () => {
    const [first] = schema;
    const { database } = await migrated(({ sqlite }) => {
      sqlite.exec(first?.sql ?? "");
      return false;
    });
    expect(database.sqlite.prepare("SELECT count(*) AS n FROM d1_migrations").get()).toEqual({ n: migrations.length });
  });

  it("are left alone where they failed in a database that serves", async () => {
    const ran = migrated(() => false, `${remembered}; CREATE TABLE journal (id TEXT);`);
    await expect(ran).rejects.toThrow(/^The migrations could not be applied\. The release that runs is untouched/);
  });
});

it("takes what exists already for created, and nothing else", async () => {
  const standIn = await new CloudflareStandIn().listen();
  process.env.CLOUDFLARE_API_BASE_URL = standIn.origin;
  const cloudflare = cloudflareAccount(account.id, {});
  delete process.env.CLOUDFLARE_API_BASE_URL;
  expect(await create(cloudflare, "/queues", { queue_name: "one" })).toBe(true);
  expect(await create(cloudflare, "/queues", { queue_name: "one" })).toBe(false);
  expect(await create(cloudflare, "/d1/database", { name: "one" })).toBe(true);
  expect(await create(cloudflare, "/d1/database", { name: "one" })).toBe(false);
  await expect(create(cloudflare, "/nothing", {})).rejects.toThrow(/was answered 404: No route/);
  standIn.close();
});
