import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { makeToken } from "../../../src/crypto/tokens";
import { identity, Shop, type Transaction } from "../../shop";
import { callRaw, journey } from "../checked";

let shop: Shop;
let transaction: Transaction;
beforeAll(async () => {
  shop = await Shop.open(journey);
  transaction = await shop.started();
});

const view = (headers: Record<string, string>) =>
  callRaw("GET", `/api/v1/transactions/${transaction.transactionId}`, { headers });

it("knows who asks and reads what for in one round trip", async () => {
  const { headers } = await view(identity(transaction.shopper));
  expect(headers.get("Accord-Cost")).toMatch(/^d1=1;/);
});

it("asks the database nothing for what cannot be a token", async () => {
  for (const token of ["", "nonsense", makeToken().token]) {
    const answer = await view({ ...identity(transaction.shopper), "X-Developer-Token": token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("Accord-Cost")).toMatch(/^d1=0;/);
  }
});

it("reads the headers in any case", async () => {
  const lower = Object.entries(identity(transaction.shopper)).map(([name, value]) => [name.toLowerCase(), value]);
  expect((await view(Object.fromEntries(lower))).status).toBe(200);
});

describe("the shield of secrets", () => {
  const shut = { SECRETS: { limit: async () => ({ success: false }) } };
  const ask = (headers: Record<string, string>) =>
    Promise.resolve(createApp().fetch(new Request("http://localhost/api/v1/apps", { headers }), { ...env, ...shut }));

  it("counts tokens that are none, and nothing else", async () => {
    const guess = await ask({ "X-Developer-Token": makeToken("dev").token });
    expect([guess.status, guess.headers.get("Retry-After")]).toEqual([429, "60"]);
    expect(await guess.json()).toMatchObject({ error: "Too Many Requests", code: "rate_limited" });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ "X-Developer-Token": shop.token })).status).toBe(200);
  });
});

describe("the login link", () => {
  const body = () => JSON.stringify({ account_id: transaction.accountId });
  const login = (headers: Record<string, string>) =>
    callRaw("POST", "/api/v1/connected-accounts/login", { headers, body: body() });

  it("takes the developer's token as a bearer token too", async () => {
    const { token } = transaction.shopper;
    const [byHeader, byBearer] = [
      await login({ "X-Developer-Token": token }),
      await login({ Authorization: `Bearer ${token}` }),
    ];
    expect([byHeader.status, byBearer.status]).toEqual([201, 201]);
    expect((await login({ Authorization: "Bearer admin_sandbox" })).status).toBe(401);
    const elsewhere = await callRaw("GET", "/api/v1/apps", { headers: { Authorization: `Bearer ${token}` } });
    expect(elsewhere.status).toBe(401);
  });
});

describe("the use of a token", () => {
  const lastUsedAt = async () => {
    const found = await env.DB.prepare("select last_used_at as at from developer_tokens where prefix = ?")
      .bind(shop.token.slice(0, 12))
      .first<{ at: number | null }>();
    return found?.at ?? null;
  };
  const use = async () => {
    await view(identity(transaction.shopper));
    await journey.advance(1);
    return lastUsedAt();
  };

  it("is noted, once an hour at most", async () => {
    const first = await use();
    expect(first).not.toBeNull();
    expect(await use()).toBe(first);
    await journey.advance(3600);
    expect(await use()).toBeGreaterThanOrEqual((first ?? 0) + 3_600_000);
  });

  it("is not even asked for in between", async () => {
    const messages = async () => {
      const { headers } = await view(identity(transaction.shopper));
      return /queue=(\d+)/.exec(headers.get("Accord-Cost") ?? "")?.[1];
    };
    await use();
    expect(await messages()).toBe("0");
    await journey.advance(3600);
    expect(await messages()).toBe("1");
  });
});
