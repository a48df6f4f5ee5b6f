import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/app";
import { signJwt } from "../../../src/crypto/jwt";
import { makeToken } from "../../../src/crypto/tokens";
import { readEnvironment } from "../../../src/env";
import type { Tenant } from "../../transfers-journey";
import { callRaw, journey } from "../checked";
import { nowMs, tokenIssuedAt, walk } from "./world";

const path = "/api/v1/auth/token";
const form = { "Content-Type": "application/x-www-form-urlencoded" };
let tenant: Tenant;
let credentials: Record<string, string>;

beforeAll(async () => {
  tenant = await walk.tenant();
  credentials = { client_id: tenant.id, client_secret: tenant.clientSecret };
});

const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const whoAmI = async (token: string) => (await callRaw("GET", "/api/v1/applications/me", { token })).status;

describe("a token", () => {
  const inQuery = () => `${path}?${new URLSearchParams(credentials)}`;
  const ways: [string, () => Promise<Awaited<ReturnType<typeof callRaw>>>][] = [
    ["JSON", () => callRaw("POST", path, { body: JSON.stringify(credentials) })],
    ["a form", () => callRaw("POST", path, { body: String(new URLSearchParams(credentials)), headers: form })],
    ["the query", () => callRaw("POST", inQuery())],
    ["the query of an empty form", () => callRaw("POST", inQuery(), { body: "", headers: form })],
    [
      "both",
      () =>
        callRaw("POST", `${path}?client_id=${tenant.id}`, {
          body: JSON.stringify({ client_secret: tenant.clientSecret }),
        }),
    ],
  ];

  it.each(ways)("is asked for by %s", async (_, ask) => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ tokenType: "Bearer", expiresIn: 3_600 });
    expect(await whoAmI(body.data.token)).toBe(200);
  });

  it("says what it is for, and until when", async () => {
    const before = await nowMs();
    const { data } = (await callRaw("POST", path, { body: JSON.stringify(credentials) })).body;
    const claims = payloadOf(data.token);
    expect(claims).toEqual({
      iss: "accord",
      sub: tenant.id,
      client_id: tenant.id,
      appHandle: tenant.handle,
      roles: ["ROLE_APPLICATION"],
      iat: expect.any(Number),
      exp: claims.iat + 3_600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(data.expiresAt).toBe(claims.exp);
    expect(Math.abs(claims.iat * 1000 - before)).toBeLessThan(10_000);
  });

  it("names the role of an administrator", async () => {
    const administrator = await walk.tenant();
    await walk.admit(administrator, { admin: true });
    const roles = payloadOf(await walk.token(administrator)).roles;
    expect(roles).toEqual(["ROLE_APPLICATION", "ROLE_ADMIN"]);
  });

  it("is good until its hour is over, by the clock that signs it", async () => {
    const [young, old] = [
      await tokenIssuedAt(tenant, await nowMs()),
      await tokenIssuedAt(tenant, (await nowMs()) - 3_602_000),
    ];
    expect([await whoAmI(young), await whoAmI(old)]).toEqual([200, 401]);
    const short = await walk.tenant();
    await journey.advance(3_601);
    const answer = await walk.ask(short, "GET", "/applications/me");
    expect([answer.status, answer.body.errorCode, answer.body.message]).toEqual([
      401,
      "TOKEN_EXPIRED",
      "The token has expired",
    ]);
    expect(await whoAmI(await walk.token(short))).toBe(200);
  });

  it("ends with the application's admission, and comes back with it", async () => {
    const gone = await walk.tenant();
    await walk.admit(gone, { active: false });
    expect(await whoAmI(gone.token)).toBe(403);
    await walk.admit(gone, { active: true });
    expect(await whoAmI(gone.token)).toBe(200);
  });

  it("is believed under an older key while that is there", async () => {
    const fresh = `fresh:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;
    const app = createApp();
    const ask = (token: string, keys: string) =>
      app.fetch(
        new Request("http://localhost/api/v1/applications/me", { headers: { Authorization: `Bearer ${token}` } }),
        { ...env, TRANSFERS_TOKEN_KEYS: keys },
      );
    const { TRANSFERS_TOKEN_KEYS: configured } = env as unknown as Record<string, string>;
    const old = await walk.token(tenant);
    expect((await ask(old, `${fresh},${configured}`)).status).toBe(200);
    expect((await ask(old, fresh)).status).toBe(401);
  });

  it("of an application that nobody has is 401", async () => {
    const keys = readEnvironment(env).TRANSFERS_TOKEN_KEYS;
    const claims = { issuer: "accord", id: "t", issuedAtMs: await nowMs(), lifetimeSeconds: 3_600, others: {} };
    expect(await whoAmI(await signJwt(keys, { ...claims, subject: crypto.randomUUID() }))).toBe(401);
    expect(await whoAmI(await signJwt(keys, { ...claims, subject: tenant.id, issuer: "other" }))).toBe(401);
  });
});

describe("no token", () => {
  const wrong = (changes: Record<string, string>) =>
    callRaw("POST", path, { body: JSON.stringify({ ...credentials, ...changes }) });

  it("is given for an unknown client or a wrong secret, in the same words", async () => {
    const answers = [
      await wrong({ client_secret: makeToken("app").token }),
      await wrong({ client_id: crypto.randomUUID() }),
      await wrong({ client_id: "nonsense", client_secret: "nonsense" }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.errorCode, body.message]).toEqual([
        401,
        "INVALID_CREDENTIALS",
        "The client credentials are invalid",
      ]);
    }
  });

  it("is given to whom the operator has shut out, once they have shown who they are", async () => {
    const gone = await walk.tenant();
    await walk.admit(gone, { active: false });
    const body = { client_id: gone.id, client_secret: gone.clientSecret };
    const answer = await callRaw("POST", path, { body: JSON.stringify(body) });
    expect([answer.status, answer.body.errorCode]).toEqual([403, "APPLICATION_INACTIVE"]);
    const guess = await callRaw("POST", path, { body: JSON.stringify({ ...body, client_secret: "guess" }) });
    expect(guess.body.errorCode).toBe("INVALID_CREDENTIALS");
  });

  it("is given without both members", async () => {
    for (const answer of [await callRaw("POST", path), await callRaw("POST", path, { body: "", headers: form })]) {
      expect([answer.status, answer.body.errorCode]).toEqual([400, "VALIDATION_ERROR"]);
      expect(answer.body.message).toBe("Validation failed");
      expect(answer.body.errors).toEqual(["client_id is required", "client_secret is required"]);
    }
  });

  it("is given to whoever asks too often: by address, and by client", async () => {
    const app = createApp();
    const asked: string[] = [];
    const limitOn = (pattern: RegExp) => ({
      limit: async ({ key }: { key: string }) => {
        asked.push(key);
        return { success: !pattern.test(key) };
      },
    });
    const ask = (TOKEN_REQUESTS: object, changes: object = {}) => {
      const headers = { "Content-Type": "application/json", "CF-Connecting-IP": "192.0.2.7" };
      const request = new Request(`http://localhost${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify({ ...credentials, ...changes }),
      });
      return app.fetch(request, { ...env, TOKEN_REQUESTS });
    };
    for (const pattern of [/^address:192\.0\.2\.7$/, new RegExp(`^client:${tenant.id}$`)]) {
      const answer = await ask(limitOn(pattern));
      expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "60"]);
      expect(await answer.json()).toMatchObject({ success: false, errorCode: "RATE_LIMIT_EXCEEDED" });
    }
    expect(asked).toEqual(["address:192.0.2.7", "address:192.0.2.7", `client:${tenant.id}`]);
    expect((await ask(limitOn(/^nobody$/))).status).toBe(200);
    // The id is public, so strangers' wrong guesses do not count against the client.
    expect((await ask(limitOn(/^client:/), { client_secret: "guess" })).status).toBe(401);
  });

  it("is given where nothing signs it", async () => {
    const request = new Request(`http://localhost${path}?${new URLSearchParams(credentials)}`, { method: "POST" });
    const answer = await createApp().fetch(request, { ...env, TRANSFERS_TOKEN_KEYS: "" });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errorCode: "SERVICE_UNAVAILABLE" });
  });
});

it("leaves no secret in the log, wherever it was sent", async () => {
  const lines: string[] = [];
  const spies = (["info", "warn", "error", "log"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...said) => void lines.push(said.join(" "))),
  );
  await callRaw("POST", `${path}?${new URLSearchParams(credentials)}`);
  await callRaw("POST", path, { body: JSON.stringify({ ...credentials, client_secret: "a wrong secret" }) });
  for (const spy of spies) spy.mockRestore();
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines.join()).toContain("/api/v1/auth/token");
  expect(lines.join()).not.toContain(tenant.clientSecret);
  expect(lines.join()).not.toContain("secret");
});

it("counts who presents tokens that are none, and what an application asks", async () => {
  const shut = { limit: async () => ({ success: false }) };
  const ask = (token: string, changes: object) =>
    createApp().fetch(
      new Request("http://localhost/api/v1/applications/me", { headers: { Authorization: `Bearer ${token}` } }),
      { ...env, ...changes },
    );
  const own = await walk.token(tenant);
  expect((await ask("guess", { SECRETS: shut })).status).toBe(429);
  expect((await ask(own, { SECRETS: shut })).status).toBe(200);
  const limited = await ask(own, { APPLICATION_REQUESTS: shut });
  expect([limited.status, limited.headers.get("Retry-After")]).toEqual([429, "60"]);
  const general = await ask(own, { SHIELD: shut });
  expect(await general.json()).toMatchObject({ success: false, errorCode: "RATE_LIMIT_EXCEEDED" });
});

describe("a client of OAuth 2", () => {
  const basicOf = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`;
  const basic = () => ({ Authorization: basicOf(tenant.id, tenant.clientSecret) });
  const asForm = (members: Record<string, string> | string[][], headers: Record<string, string> = {}) =>
    callRaw("POST", path, { body: String(new URLSearchParams(members)), headers: { ...form, ...headers } });
  const grant = { grant_type: "client_credentials" };

  it("finds its members beside the contract's, and is told to keep nothing", async () => {
    const { status, body, headers } = await asForm({ ...credentials, ...grant });
    const { token, expiresIn } = body.data;
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, access_token: token, token_type: "Bearer", expires_in: expiresIn });
    expect([headers.get("Cache-Control"), headers.get("Pragma")]).toEqual(["no-store", "no-cache"]);
  });

  /** Writes every character that is no letter or digit as in a form, as careful clients do. */
  const encoded = (text: string) => text.replace(/\W|_/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

  it("says who it is by HTTP Basic, in whatever body, and with its id once more", async () => {
    const careful = basicOf(encoded(tenant.id.toUpperCase()), encoded(tenant.clientSecret));
    for (const answer of [
      await asForm(grant, basic()),
      await asForm({ ...grant, client_id: tenant.id }, basic()),
      await asForm({}, { Authorization: careful }),
      await callRaw("POST", path, { headers: basic() }),
      await callRaw("POST", path, { body: JSON.stringify(grant), headers: basic() }),
    ]) {
      expect([answer.status, await whoAmI(answer.body.access_token)]).toEqual([200, 200]);
    }
  });

  it("is refused as RFC 6749 5.2 says where it is not who it says", async () => {
    const refusals = [
      await asForm({ ...credentials, client_secret: "wrong" }),
      ...(await Promise.all(
        [basicOf(tenant.id, "wrong"), basicOf("nobody", "x"), "Basic", "Basic !", `Basic ${btoa("no colon")}`].map(
          (Authorization) => asForm(grant, { Authorization }),
        ),
      )),
      await asForm(grant, { Authorization: basicOf(tenant.id, "%zz") }),
    ];
    for (const { status, body, headers } of refusals) {
      expect([status, body.errorCode, body.error]).toEqual([401, "INVALID_CREDENTIALS", "invalid_client"]);
      expect(body.error_description).toBe("The client credentials are invalid");
      expect(headers.get("WWW-Authenticate")).toMatch(/^Basic realm=/);
      expect(headers.get("Cache-Control")).toBe("no-store");
    }
    const gone = await walk.tenant();
    await walk.admit(gone, { active: false });
    const shutOut = await asForm(grant, { Authorization: basicOf(gone.id, gone.clientSecret) });
    expect([shutOut.status, shutOut.body.error]).toEqual([403, "unauthorized_client"]);
  });

  it.each([
    [
      { grant_type: "password" },
      "UNSUPPORTED_GRANT_TYPE",
      "unsupported_grant_type",
      "grant_type must be client_credentials",
    ],
    [{ client_secret: "" }, "VALIDATION_ERROR", "invalid_request", "client_secret is required"],
  ])("is refused for %j", async (changes, errorCode, error, line) => {
    const { status, body } = await asForm({ ...credentials, ...changes });
    expect([status, body.errorCode, body.errors]).toEqual([400, errorCode, [line]]);
    expect([body.error, body.error_description]).toEqual([error, line]);
  });

  it("says who it is once, in one way", async () => {
    const pairs = Object.entries(credentials);
    const twice = (name: string) => `${name} must not be sent twice`;
    for (const [answer, line] of [
      [await asForm([...pairs, ["client_id", tenant.id]]), twice("client_id")],
      [await asForm([...pairs, ["grant_type", "client_credentials"], ["grant_type", "password"]]), twice("grant_type")],
      [await callRaw("POST", `${path}?client_id=x`, { body: JSON.stringify(credentials) }), twice("client_id")],
      [await callRaw("POST", `${path}?client_id=x&client_id=y`), twice("client_id")],
      [await asForm(credentials, basic()), "client_secret must not be sent beside the Authorization header"],
      [await asForm({ client_id: "another" }, basic()), "client_id must be that of the Authorization header"],
    ] as const) {
      expect([answer.status, answer.body.error, answer.body.errors]).toEqual([400, "invalid_request", [line]]);
    }
  });

  it("may send what nobody knows in a form or a query, even twice, and not in JSON", async () => {
    const others = [...Object.entries(credentials), ["scope", "all"], ["resource", "a"], ["resource", "b"]];
    const query = new URLSearchParams(others);
    for (const { status } of [await asForm(others), await callRaw("POST", `${path}?${query}`)])
      expect(status).toBe(200);
    const inJson = await callRaw("POST", path, { body: JSON.stringify({ ...credentials, 'sc"öpe': "all" }) });
    expect([inJson.status, inJson.body.error]).toEqual([400, "invalid_request"]);
    expect(inJson.body.error_description).toBe("sc??pe is unknown"); // RFC 6749 5.2 has no other characters
  });

  it("reads an error of OAuth in every refusal", async () => {
    for (const [answer, error] of [
      [await callRaw("POST", path, { body: "{" }), "invalid_request"],
      [await callRaw("POST", path, { body: "x", headers: { "Content-Type": "text/plain" } }), "invalid_request"],
    ] as const) {
      expect(answer.body.error).toBe(error);
      expect(answer.body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    }
    const request = new Request(`http://localhost${path}`, { method: "POST", headers: basic() });
    const unsigned = await createApp().fetch(request, { ...env, TRANSFERS_TOKEN_KEYS: "" });
    expect(await unsigned.json()).toMatchObject({ error: "temporarily_unavailable" });
  });
});
