import { beforeEach, describe, expect, it } from "vitest";
import { routes } from "../../../src/app";
import { scopes } from "../../../src/domain/scope";
import type { Answer } from "../../journey";
import { rows } from "../../operations/rows";
import { Shop } from "../../shop";
import { journey } from "../checked";

let shop: Shop;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

const ask = (method: string, path: string, token: string, body?: object, headers = {}): Promise<Answer> =>
  journey.call(method, `/api/v1${path}`, { headers: { "X-Developer-Token": token, ...headers }, body });
const make = async (chosen: readonly string[], by = shop.token): Promise<string> => {
  const answer = await ask("POST", "/developer-tokens", by, { scopes: chosen });
  expect([answer.status, answer.body.data?.scopes]).toEqual([201, scopes.filter((scope) => chosen.includes(scope))]);
  return answer.body.data.token;
};
const refusal = ({ status, body }: Answer) => [status, body.code, body.detail];
const missing = (scope: string) => [403, "scope_missing", `The token lacks the scope ${scope}.`];

describe("each route of the payments contract and of webhook endpoints", () => {
  const scoped = routes.filter(({ dialect, access }) => dialect.name === "payments" || access === "owner");

  it("says the scope that it needs, and no other route does", () => {
    expect(scoped.length).toBeGreaterThan(40);
    expect(scoped.filter(({ contract }) => contract.scope === undefined)).toEqual([]);
    // A session of the console is begun and ended with any token of an operator.
    const others = routes.filter(
      (route) => !scoped.includes(route) && route.contract.scope !== undefined && route.access !== "operator",
    );
    expect(others).toEqual([]);
    const open = scoped.filter(({ contract }) => contract.scope === "any").map(({ contract }) => contract.operationId);
    expect(open.toSorted()).toEqual(["create-token", "list-tokens", "revoke-token"]);
  });
});

describe("a token", () => {
  it("holds every scope unless it was made with fewer", async () => {
    const { body } = await ask("GET", "/developer-tokens", shop.token);
    expect(body.data[0].scopes).toEqual(scopes);
    const again = await ask("POST", "/developer-tokens", shop.token, {});
    expect(again.body.data.scopes).toEqual(scopes);
  });

  it("reads and changes its own area, reads everything with `read`, and is told what it lacks", async () => {
    const [read, payments] = [await make(["read"]), await make(["payments"])];
    expect((await ask("GET", "/apps", read)).status).toBe(200);
    expect((await ask("GET", "/connected-accounts", read)).status).toBe(200);
    expect((await ask("GET", "/webhook-endpoints", read)).status).toBe(200);
    expect(refusal(await ask("POST", "/apps", read, { name: "Web" }))).toEqual(missing("payments"));
    expect((await ask("GET", "/apps", payments)).status).toBe(200);
    expect((await ask("POST", "/apps", payments, { name: "Web" })).status).toBe(201);
    expect(refusal(await ask("GET", "/connected-accounts", payments))).toEqual(missing("read"));
    const account = { email: "seller@example.com" };
    expect(refusal(await ask("POST", "/connected-accounts", payments, account))).toEqual(missing("accounts"));
    expect(await rows("select 1 from connected_accounts")).toEqual([]);
  });

  it("is refused before it learns whether an object is there, and before its body is read", async () => {
    const accounts = await make(["accounts"]);
    const shopper = await shop.shopper();
    const headers = { "X-App-ID": shop.appId, "X-User-ID": shopper.userId };
    const unknown = await ask("POST", `/transactions/${crypto.randomUUID()}/cancel`, accounts, { x: 1 }, headers);
    expect(refusal(unknown)).toEqual(missing("payments"));
  });

  it("of webhooks manages endpoints, in the words of those routes", async () => {
    const [webhooks, read] = [await make(["webhooks"]), await make(["read"])];
    const endpoint = { url: "https://hooks.example.com/accord", events: ["*"] };
    expect((await ask("POST", "/webhook-endpoints", webhooks, endpoint)).status).toBe(201);
    const answer = await ask("POST", "/webhook-endpoints", read, endpoint);
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual(missing("webhooks"));
  });

  it("makes none with more than it has", async () => {
    const some = await make(["read", "accounts"]);
    const more = await ask("POST", "/developer-tokens", some, { scopes: ["accounts", "payments"] });
    expect(refusal(more)).toEqual(missing("payments"));
    expect(await make(["read"], some)).toMatch(/^dev_/);
    const heir = await ask("POST", "/developer-tokens", some, { overlap_seconds: 0 });
    expect(heir.body.data.scopes).toEqual(["read", "accounts"]);
  });

  it("ends none with more than it has, and itself at any time", async () => {
    const read = await make(["read"]);
    const end = (prefix: string) => ask("DELETE", `/developer-tokens/${prefix.slice(0, 12)}`, read);
    expect(refusal(await end(shop.token))).toEqual(missing("payments"));
    expect((await ask("GET", "/apps", shop.token)).status).toBe(200);
    expect((await end(await make(["read"], read))).status).toBe(204);
    expect((await end(read)).status).toBe(204);
    expect((await ask("GET", "/apps", read)).status).toBe(401);
  });

  it("gets no stored answer under a key of a token with more", async () => {
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await ask("POST", "/apps", shop.token, { name: "Web" }, key);
    expect(first.status).toBe(201);
    const read = await make(["read"]);
    expect(refusal(await ask("POST", "/apps", read, { name: "Web" }, key))).toEqual(missing("payments"));
    const again = await ask("POST", "/apps", await make(["payments"]), { name: "Web" }, key);
    expect([again.status, again.body.data.id]).toEqual([201, first.body.data.id]);
  });

  it.each([[[]], [["write"]], ["read"], [["read", 1]], [null]])("is not made with the scopes %j", async (chosen) => {
    expect((await ask("POST", "/developer-tokens", shop.token, { scopes: chosen })).status).toBe(422);
  });

  it("is given fewer scopes by an operator, too, at the start and later", async () => {
    const body = { name: "Reader", email: "reader@example.com", scopes: ["read", "read"] };
    const made = (await journey.operator("POST", "/developers", body)).body.data;
    expect(refusal(await ask("POST", "/apps", made.token, { name: "Web" }))).toEqual(missing("payments"));
    const next = await journey.operator("POST", `/developers/${made.id}/tokens`, { scopes: ["payments"] });
    expect((await ask("POST", "/apps", next.body.data.token, { name: "Web" })).status).toBe(201);
    const { tokens } = (await journey.operator("GET", `/developers/${made.id}`)).body.data;
    expect(tokens.map((token: { scopes: string[] }) => token.scopes)).toEqual([["read"], ["payments"]]);
  });
});

describe("a developer whose making was not answered", () => {
  const body = () => ({ name: "Shop", email: `dev-${crypto.randomUUID()}@example.com` });
  const create = (sent: object, key: string, token = "admin_sandbox") =>
    journey.call("POST", "/api/v1/admin/developers", { token, body: sent, headers: { "Idempotency-Key": key } });
  const opens = async (token: string) => (await ask("GET", "/apps", token)).status;

  it("is answered again with another token, and the first opens nothing", async () => {
    const [sent, key] = [body(), crypto.randomUUID()];
    const lost = (await create(sent, key)).body.data;
    const again = await create(sent, key);
    expect([again.status, again.body.data.id]).toEqual([201, lost.id]);
    expect([await opens(lost.token), await opens(again.body.data.token)]).toEqual([401, 200]);
  });

  it("is not made again under another key, with another content, after an hour, or once its token was used", async () => {
    const [sent, key] = [body(), crypto.randomUUID()];
    await create(sent, key);
    const refused = async (again: object, under: string) => {
      const answer = await create(again, under);
      return [answer.status, answer.body.code];
    };
    const exists = [409, "developer_exists"];
    expect(await refused(sent, crypto.randomUUID())).toEqual(exists);
    expect(await refused({ ...sent, name: "Other" }, key)).toEqual(exists);
    await journey.advance(3_600);
    expect(await refused(sent, key)).toEqual(exists);
    const [other, used] = [body(), crypto.randomUUID()];
    const { token } = (await create(other, used)).body.data;
    expect(await opens(token)).toBe(200);
    const unused = "select 1 from developer_tokens where last_used_at is null and prefix = ?";
    await expect.poll(async () => rows(unused, token.slice(0, 12))).toEqual([]);
    expect(await refused(other, used)).toEqual(exists);
    expect(await opens(token)).toBe(200);
  });
});
