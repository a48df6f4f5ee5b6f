import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cloudflareAccount } from "../src/cli/deploy/cloudflare";
import { migrate } from "../src/cli/deploy/migrate";
import { migrationsIn, schemaAfter } from "../src/cli/deploy/schema-objects";
import type { D1 } from "./e2e/deploy/d1";
import { account, CloudflareStandIn } from "./e2e/deploy/stand-in";

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
