import { beforeEach, describe, expect, it } from "vitest";
import { bucketOf } from "../../../src/domain/id";
import { rows } from "../../operations/rows";
import { Seller } from "../../seller";
import { journey } from "../checked";

let seller: Seller;

beforeEach(async () => {
  await journey.reset();
  seller = await Seller.register(journey);
});

async function newApp(of: Seller = seller): Promise<string> {
  const answer = await of.ask("POST", "/apps", { name: "Web" });
  expect(answer.status).toBe(201);
  return answer.body.data.id;
}

describe("apps", () => {
  it("are made and listed, newest first, each developer's own", async () => {
    const made = await seller.ask("POST", "/apps", { name: "Web" });
    expect(made.body).toEqual({
      data: { id: expect.any(String), name: "Web", created_at: expect.any(String) },
      meta: { status_code: 201 },
      links: { self: "http://localhost:8787/api/v1/apps" },
    });
    const second = await newApp();
    await newApp(await Seller.register(journey));
    const page = (await seller.ask("GET", "/apps?limit=1")).body;
    expect([page.data[0].id, page.meta.has_more]).toEqual([second, true]);
    const rest = (await seller.ask("GET", `/apps?starting_after=${second}`)).body;
    expect(rest.data).toEqual([made.body.data]);
    expect(bucketOf(second)).toBe(bucketOf(seller.id));
  });

  it("by twenty racing requests are twenty, in one journal without gaps", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => seller.ask("POST", "/apps", { name: `App ${number}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
    const versions = await rows<{ version: number }>(
      "select version from journal where aggregate_id = ? order by version",
      seller.id,
    );
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  it("are made once under one key", async () => {
    const ask = () => seller.ask("POST", "/apps", { name: "Web" }, { "Idempotency-Key": "once" });
    const [first, second] = [await ask(), await ask()];
    expect([second.status, second.headers.get("Idempotent-Replayed")]).toEqual([201, "true"]);
    expect(second.body).toEqual(first.body);
    expect(await rows("select 1 from apps")).toHaveLength(1);
  });
});

describe("shoppers", () => {
  it("are made in an app of the developer's, and nowhere else", async () => {
    const appId = await newApp();
    const made = await seller.ask("POST", "/users", { app_id: appId, external_id: "shopper-7" });
    expect(made.status).toBe(201);
    expect(made.body.data).toEqual({
      id: expect.any(String),
      app_id: appId,
      external_id: "shopper-7",
      created_at: expect.any(String),
    });
    const foreign = await newApp(await Seller.register(journey));
    for (const app_id of [foreign, "01890000-0000-8000-8000-000000000000", "nonsense"]) {
      const answer = await seller.ask("POST", "/users", { app_id });
      expect([answer.status, answer.body.code], app_id).toEqual([404, "app_unknown"]);
    }
    expect(await rows("select 1 from app_users")).toHaveLength(1);
  });

  it("have an external id once per app; without one they are as many as wanted", async () => {
    const [web, shop] = [await newApp(), await newApp()];
    const make = (app_id: string, external_id?: string) => seller.ask("POST", "/users", { app_id, external_id });
    const first = await make(web, "shopper-7");
    const again = await make(web, "shopper-7");
    expect([again.status, again.body.code, again.body.user_id]).toEqual([409, "user_exists", first.body.data.id]);
    expect((await make(shop, "shopper-7")).status).toBe(201);
    const anonymous = [await make(web), await make(web)];
    expect(anonymous.map(({ status }) => status)).toEqual([201, 201]);
  });

  it("by twenty racing requests with one external id are one, with twenty are twenty", async () => {
    const app_id = await newApp();
    const race = (name: (number: number) => string) =>
      Promise.all(
        Array.from({ length: 20 }, (_, number) => seller.ask("POST", "/users", { app_id, external_id: name(number) })),
      );
    const same = (await race(() => "same")).map(({ status }) => status);
    expect([same.filter((status) => status === 201).length, same.filter((status) => status === 409).length]).toEqual([
      1, 19,
    ]);
    expect((await race((number) => `other-${number}`)).map(({ status }) => status)).toEqual(Array(20).fill(201));
  });
});
