import { afterEach, describe, expect, it } from "vitest";
import { cloudflareAccount, create } from "../src/cli/deploy/cloudflare";
import { readConfiguration } from "../src/cli/deploy/configuration";
import { lookAround } from "../src/cli/deploy/look-around";
import { refuseWhatIsInTheWay } from "../src/cli/deploy/preflight";
import { migrationsIn, schemaAfter } from "../src/cli/deploy/schema-objects";
import { failure } from "./e2e/deploy/answers";
import { account, CloudflareStandIn, type Given } from "./e2e/deploy/stand-in";

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

  /**
   * Reads an account as `given`, after `prepare`, and returns the reason for its refusal; undefined if it is accepted.
   */
  async function refusal(
    given: Given = {},
    prepare: (account: CloudflareStandIn) => void = () => {},
    settings: Record<string, string> = { STRIPE_SECRET_KEY: "sk_test_x" },
    database = deployed.database,
  ): Promise<string | undefined> {
    standIn = await new CloudflareStandIn(given).listen();
    prepare(standIn);
    process.env.CLOUDFLARE_API_BASE_URL = standIn.origin;
    const cloudflare = cloudflareAccount(account.id, {});
    try {
      const found = await lookAround(cloudflare, { ...deployed, database });
      refuseWhatIsInTheWay(cloudflare, found, { deployed: { ...deployed, database }, settings, migrations, schema });
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

  it("stops where real money comes in, and clients have nowhere to come back to, or no event could be believed", async () => {
    expect(await refusal({}, undefined, { STRIPE_SECRET_KEY: "sk_live_x" })).toMatch(
      /^FRONTEND_URL is neither in .*\nSTRIPE_WEBHOOK_SECRETS is neither in/,
    );
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

  it("stops at a database whose place cannot be changed any more", async () => {
    const made = (cloudflare: CloudflareStandIn) => cloudflare.addDatabase("accord", { jurisdiction: null });
    const inTheEu = { ...deployed.database, jurisdiction: "eu" };
    expect(await refusal({}, made, undefined, inTheEu)).toMatch(
      /^The database accord was not made in the jurisdiction eu/,
    );
  });

  it("stops at an id that the account does not know", async () => {
    const byId = { ...deployed.database, key: "1-2-3" };
    expect(await refusal({}, undefined, undefined, byId)).toMatch(
      /^wrangler.toml names the database 1-2-3, which this/,
    );
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
