import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { sha256Hex } from "../../../src/crypto/hash";
import { decryptWith, encryptFor } from "../../../src/crypto/jwe";
import { production } from "../../production";
import { callRaw, journey } from "../checked";
import { walk } from "./world";

const newBody = (changes: object = {}) => ({
  name: "Wallet",
  appHandle: `app-${crypto.randomUUID().slice(0, 8)}`,
  ...changes,
});
const register = (changes: object = {}) => walk.ask(undefined, "POST", "/applications", newBody(changes));

describe("registration", () => {
  it("answers the application with its secrets, this once", async () => {
    const sent = newBody({
      transactionWebhookUrl: "https://wallet.example.com/hooks",
      redirectUris: "https://a.example.com,https://b.example.com",
      logoUrl: "https://wallet.example.com/logo.png",
      metadata: { tier: " gold ", rate: 0.1, nested: { nothing: null, empty: "" } },
      encryptionEnabled: true,
    });
    const { status, body } = await walk.ask(undefined, "POST", "/applications", sent);
    expect([status, body.message]).toEqual([201, "Application registered"]);
    const { clientSecret, webhookSecret, appPrivateJwk, ...shown } = body.data;
    expect(shown).toEqual({
      ...sent,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      clientId: shown.id,
      active: true,
      keyVersion: 1,
      appPublicKeyJwk: expect.objectContaining({ kty: "EC", crv: "P-256", kid: `${shown.id}:1` }),
      createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    });
    expect(clientSecret).toMatch(/^app_[\w-]{43}$/);
    expect(webhookSecret).toMatch(/^whsec_/);
    expect(await decryptWith([appPrivateJwk], await encryptFor(shown.appPublicKeyJwk, "for us"))).toBe("for us");

    const token = await walk.token({ id: shown.id, clientSecret });
    expect((await walk.ask({ token }, "GET", "/applications/me")).body.data).toMatchObject(shown);
  });

  it("keeps none of the secrets as they are", async () => {
    const { data } = (await register()).body;
    const tables = ["applications", "secrets", "journal", "idempotency_keys", "outbox"];
    const kept = JSON.stringify(
      await Promise.all(tables.map(async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results)),
    );
    for (const secret of [data.clientSecret, data.webhookSecret, data.appPrivateJwk.d])
      expect(kept).not.toContain(secret);
    expect(kept).toContain(sha256Hex(data.clientSecret));
  });

  it("has defaults for everything but the name and the handle", async () => {
    const { data } = (await register()).body;
    expect(data).toMatchObject({ encryptionEnabled: false, active: true });
    for (const member of ["transactionWebhookUrl", "redirectUris", "logoUrl", "metadata"])
      expect(data).not.toHaveProperty(member);
  });

  it("gives a handle once", async () => {
    const { appHandle } = (await register()).body.data;
    const answer = await register({ appHandle });
    expect([answer.status, answer.body.errorCode]).toEqual([409, "DUPLICATE_APP_HANDLE"]);
    const racing = `race-${crypto.randomUUID().slice(0, 8)}`;
    const all = await Promise.all(Array.from({ length: 5 }, () => register({ appHandle: racing })));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
  });

  it.each([
    [{ name: undefined, appHandle: undefined }, ["name is required", "appHandle is required"]],
    [{ name: "" }, ["name must not be empty"]],
    [{ logoUrl: null }, ["logoUrl must not be null"]],
    [{ webhookUrl: "https://a.example.com" }, ["webhookUrl is unknown"]],
    [{ name: "x".repeat(151) }, ["name must be at most 150 characters"]],
    [{ appHandle: "ab" }, [expect.stringMatching(/^appHandle must be 3 to 32 /)]],
    [{ appHandle: "Wallet" }, [expect.stringMatching(/^appHandle must be 3 to 32 /)]],
    [{ appHandle: "a@b.example" }, [expect.stringMatching(/^appHandle must be 3 to 32 /)]],
    [{ appHandle: "-wallet" }, [expect.stringMatching(/^appHandle must be 3 to 32 /)]],
    [{ logoUrl: `https://example.com/${"x".repeat(981)}` }, ["logoUrl must be at most 1000 characters"]],
    [{ logoUrl: "javascript:alert(1)" }, ["logoUrl must be an http or https address"]],
    [{ logoUrl: "/logo.png" }, ["logoUrl must be an http or https address"]],
    [
      { transactionWebhookUrl: `https://a.example.com/${"x".repeat(500)}` },
      ["transactionWebhookUrl must be at most 500 characters"],
    ],
    [{ transactionWebhookUrl: "http://wallet.example.com" }, ["transactionWebhookUrl must begin with https://"]],
    [{ transactionWebhookUrl: "nonsense" }, ["transactionWebhookUrl must be a URL"]],
    [{ transactionWebhookUrl: "https://10.0.0.1/" }, ["transactionWebhookUrl must name a host, not an address"]],
    [
      { transactionWebhookUrl: "https://a:b@wallet.example.com" },
      ["transactionWebhookUrl must not hold a user name or password"],
    ],
    [
      { transactionWebhookUrl: "https://wallet.example.com:8443" },
      ["transactionWebhookUrl must use the port of https"],
    ],
    [{ transactionWebhookUrl: "https://wallet.internal" }, ["transactionWebhookUrl must name a public host"]],
  ])("refuses %j", async (changes, errors) => {
    const answer = await register(changes);
    expect([answer.status, answer.body.errorCode]).toEqual([400, "VALIDATION_ERROR"]);
    expect(answer.body.errors).toEqual(errors);
  });

  const registerAs = (address: string, changes: object) =>
    createApp().fetch(
      new Request("http://localhost/api/v1/applications", {
        method: "POST",
        headers: { "Content-Type": "application/json", "CF-Connecting-IP": address },
        body: JSON.stringify(newBody()),
      }),
      { ...env, ...changes },
    );

  it("waits for an operator in production, and may owe nothing until a limit is set", async () => {
    const answer = await registerAs("192.0.2.1", production);
    const { data } = await answer.json<{ data: { id: string; active: boolean; clientSecret: string } }>();
    expect([answer.status, data.active]).toEqual([201, false]);
    const credentials = { client_id: data.id, client_secret: data.clientSecret };
    const refused = await walk.ask(undefined, "POST", "/auth/token", credentials);
    expect([refused.status, refused.body.errorCode]).toEqual([403, "APPLICATION_INACTIVE"]);
    await walk.admit(data, { active: true });
    const token = await walk.token({ id: data.id, clientSecret: data.clientSecret });
    const sender = { token, tag: await walk.anotherTag({ token } as never, "payer") };
    const receiver = await walk.tenant();
    const transfer = await walk.initiate(sender, receiver);
    const tooMuch = await walk.accept(receiver, transfer.body.data);
    expect([tooMuch.status, tooMuch.body.errorCode]).toEqual([422, "DEBIT_LIMIT_EXCEEDED"]);
    await walk.admit(data, { debitLimit: 1_500 });
    expect((await walk.accept(receiver, transfer.body.data)).status).toBe(200);
  });

  it("is counted by address, exactly, where that is configured", async () => {
    const limited = { REGISTRATIONS_PER_HOUR: "2" };
    const network = `2001:db8:0:${crypto.randomUUID().slice(0, 4)}`;
    const address = `${network}::1`;
    const statuses = [];
    for (let turn = 0; turn < 2; turn += 1) statuses.push((await registerAs(address, limited)).status);
    expect(statuses).toEqual([201, 201]);
    await journey.advance(600);
    const third = await registerAs(`${network}::2`, limited); // one address of the network counts for all
    expect(third.status).toBe(429);
    const retryAfter = Number(third.headers.get("Retry-After"));
    expect(retryAfter).toBeGreaterThan(2_900);
    expect(retryAfter).toBeLessThanOrEqual(3_000);
    expect((await registerAs("192.0.2.200", limited)).status).toBe(201);
    await journey.advance(retryAfter);
    expect((await registerAs(address, limited)).status).toBe(201);
  });

  it("needs a key to seal secrets with", async () => {
    const answer = await registerAs("192.0.2.1", { WEBHOOK_SEALING_KEYS: "" });
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ errorCode: "SERVICE_UNAVAILABLE" }),
    ]);
  });
});

describe("metadata", () => {
  const withMetadata = (metadata: string) =>
    callRaw("POST", "/api/v1/applications", {
      body: `{"name":"W","appHandle":"meta-${crypto.randomUUID().slice(0, 8)}","metadata":${metadata}}`,
    });

  it.each(['{"__proto__":{"a":1},"n":0.1,"t":" x ","deep":[[{"e":""}]]}', "{}", '{"a":null,"b":[]}'])(
    "is given back as it was sent: %s",
    async (metadata) => {
      const answer = await withMetadata(metadata);
      expect([answer.status, answer.text.includes(`"metadata":${metadata}`)]).toEqual([201, true]);
    },
  );

  it.each([
    ['{"n":9007199254740993}', "metadata.n must be a number as JavaScript prints it, or a text"],
    ['{"a":[1.50]}', "metadata.a.0 must be a number as JavaScript prints it, or a text"],
    [`{"a":${"[".repeat(2_800)}${"]".repeat(2_800)}}`, "metadata must not be nested deeper than 20 levels"],
    [`{"a":"${"x".repeat(16_000)}"}`, "metadata must be at most 16000 characters of JSON"],
    ["9007199254740993", "metadata must be an object"],
    ["[]", "metadata must be an object"],
  ])("is refused where that is not possible: %#", async (metadata, error) => {
    const answer = await withMetadata(metadata);
    expect([answer.status, answer.body.errors]).toEqual([400, [error]]);
  });
});

describe("an application", () => {
  it("changes what it says about itself, and leaves the rest", async () => {
    const tenant = await walk.tenant({ webhookUrl: "https://wallet.example.com/hooks" });
    const changes = { name: "Renamed", metadata: { tier: "gold" }, encryptionEnabled: true };
    const { status, body } = await walk.ask(tenant, "PATCH", "/applications/me", changes);
    expect([status, body.data]).toEqual([
      200,
      expect.objectContaining({ ...changes, transactionWebhookUrl: "https://wallet.example.com/hooks" }),
    ]);
    const without = await walk.ask(tenant, "PATCH", "/applications/me", {
      transactionWebhookUrl: null,
      metadata: null,
    });
    expect(without.body.data).not.toHaveProperty("transactionWebhookUrl");
    expect(without.body.data).not.toHaveProperty("metadata");
    expect(without.body.data.name).toBe("Renamed");
    const {
      clientSecrets: _,
      webhookSecrets: __,
      ...viewed
    } = (await walk.ask(tenant, "GET", "/applications/me")).body.data;
    expect(viewed).toEqual(without.body.data);
  });

  it("cannot change what the operator decides, or its handle", async () => {
    const tenant = await walk.tenant();
    const changes = { appHandle: "stolen", active: false, admin: true, debitLimit: null, id: crypto.randomUUID() };
    const { status, body } = await walk.ask(tenant, "PATCH", "/applications/me", changes);
    expect([status, body.errors]).toEqual([400, Object.keys(changes).map((name) => `${name} is unknown`)]);
    const { data } = (await walk.ask(tenant, "GET", "/applications/me")).body;
    expect(data).toMatchObject({ id: tenant.id, appHandle: tenant.handle, active: true });
    expect((await walk.ask(tenant, "POST", "/settlement/trigger")).status).toBe(403);
  });

  it("refuses an address that no webhook may be sent to", async () => {
    const tenant = await walk.tenant();
    const answer = await walk.ask(tenant, "PATCH", "/applications/me", {
      transactionWebhookUrl: "http://a.example.com",
    });
    expect([answer.status, answer.body.errors]).toEqual([400, ["transactionWebhookUrl must begin with https://"]]);
  });

  it("gets a new key pair, one version on, with the private half this once", async () => {
    const tenant = await walk.tenant();
    const { status, body } = await walk.ask(tenant, "POST", "/applications/keys/rotate");
    expect([status, body.message]).toEqual([200, "Keypair rotated - new key material returned"]);
    const { appPrivateJwk, ...shown } = body.data;
    expect(shown).toMatchObject({ keyVersion: 2, appPublicKeyJwk: { kid: `${tenant.id}:2` } });
    expect(await decryptWith([appPrivateJwk], await encryptFor(shown.appPublicKeyJwk, "for us"))).toBe("for us");
    expect((await walk.ask(tenant, "GET", "/applications/me")).body.data).toMatchObject(shown);
    expect((await walk.ask(tenant, "POST", "/applications/keys/rotate")).body.data.keyVersion).toBe(3);
  });

  it("gets one new key pair when it asks for two at once", async () => {
    const tenant = await walk.tenant();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => walk.ask(tenant, "POST", "/applications/keys/rotate")),
    );
    const { keyVersion } = (await walk.ask(tenant, "GET", "/applications/me")).body.data;
    const rotated = answers.filter(({ status }) => status === 200);
    expect(rotated.map(({ body }) => body.data.keyVersion).toSorted()).toEqual(
      Array.from({ length: keyVersion - 1 }, (_, index) => index + 2),
    );
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect([answer.status, answer.body.errorCode]).toEqual([409, "CONFLICT"]);
    }
  });

  it("gets a new webhook secret, shown this once, whatever key is sent", async () => {
    const tenant = await walk.tenant();
    const key = { "Idempotency-Key": "same" };
    const secrets = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { status, body } = await walk.ask(tenant, "POST", "/applications/webhook-secret/rotate", undefined, key);
      expect([status, body.data.id]).toEqual([200, tenant.id]);
      secrets.push(body.data.webhookSecret);
    }
    expect(new Set([tenant.webhookSecret, ...secrets]).size).toBe(3);
    expect((await walk.ask(tenant, "GET", "/applications/me")).body.data).not.toHaveProperty("webhookSecret");
  });
});

it("shows the platform's key to everybody, twice", async () => {
  const { body } = await callRaw("GET", "/api/v1/keys/idaas");
  const { jwk, publicKeyBase64 } = body.data;
  expect(Object.keys(jwk)).toEqual(["kty", "crv", "x", "y", "use", "alg", "kid"]);
  const der = Buffer.from(publicKeyBase64, "base64");
  const algorithm = { name: "ECDH", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("spki", der, algorithm, true, []);
  expect(await crypto.subtle.exportKey("jwk", key)).toMatchObject({ kty: "EC", crv: "P-256", x: jwk.x, y: jwk.y });
});

it("owns webhook endpoints, too, and sees nobody else's", async () => {
  const [one, other] = [await walk.tenant(), await walk.tenant()];
  const sent = { url: "http://localhost:8787/sandbox/inbox/own", events: ["*"] };
  const made = await walk.ask(one, "POST", "/webhook-endpoints", sent);
  expect(made.status).toBe(201);
  const path = `/webhook-endpoints/${made.body.data.id}`;
  expect((await walk.ask(one, "GET", path)).status).toBe(200);
  expect((await walk.ask(one, "POST", `${path}/test`)).status).toBe(202);
  for (const asked of [walk.ask(other, "GET", path), walk.ask(other, "DELETE", path)])
    expect((await asked).status).toBe(404);
  expect((await walk.ask(other, "GET", "/webhook-endpoints")).body.data).toEqual([]);
  const operators = await journey.call("GET", "/api/v1/webhook-endpoints", { token: "admin_sandbox" });
  expect(JSON.stringify(operators.body.data)).not.toContain(made.body.data.id);

  const answers = await Promise.all([
    walk.ask({ token: "eyJhbGciOiJIUzI1NiJ9.e30.x" }, "GET", "/webhook-endpoints"),
    walk.admit(other, { active: false }).then(() => walk.ask(other, "GET", "/webhook-endpoints")),
  ]);
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [401, "unauthenticated"],
    [403, "application_inactive"],
  ]);
});
