import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfiguration } from "../src/cli/deploy/configuration";

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

  it("hands the Worker every binding and setting of its own, however the file is written, and none of the sandbox", () => {
    const inline = ours.replace(/\[\[d1_databases\]\]\nbinding = "DB"\n/, "[[d1_databases]]\n  binding='DB'\n");
    expect(inline).not.toBe(ours);
    expect(Object.keys(of(inline).handed).sort()).toEqual([
      ...["APPLICATION_REQUESTS", "ASSETS", "COMMITTER", "DB", "DELIVERIES", "DISPATCHER", "LIMITER", "LOCATION_HINT"],
      ...["SECRETS", "SEQUENCER", "SHIELD", "TOKEN_REQUESTS", "WORK"],
    ]);
    expect(of(ours).handed).toMatchObject({ DB: {}, LOCATION_HINT: "weur" });
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
