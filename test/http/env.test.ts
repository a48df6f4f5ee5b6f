import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { EnvironmentIncomplete, malformedSettings, readEnvironment } from "../../src/env";

const names = ["DB", "SEQUENCER", "DISPATCHER", "LIMITER", "WORK", "DELIVERIES", "ASSETS"];
const limits = ["SHIELD", "SECRETS", "TOKEN_REQUESTS", "APPLICATION_REQUESTS"];
const bindings = Object.fromEntries([...names, ...limits].map((name) => [name, {}]));
const complete = { ...bindings, STRIPE_SECRET_KEY: "sk_test_x", FRONTEND_URL: "https://example.com/" };

function problemsOf(env: object): readonly string[] {
  try {
    readEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentIncomplete) return error.problems;
    throw error;
  }
}

describe("the environment", () => {
  it("has defaults for everything but the key", () => {
    expect(readEnvironment({ ...bindings, STRIPE_SECRET_KEY: "sk_test_x" })).toMatchObject({
      ADMIN_TOKENS: [],
      COMMISSION_BASIS_POINTS: 2100,
      CONVERTED_CURRENCIES: "allow",
      CORS_ORIGINS: [],
      EXPERT_CAPABILITIES: ["card_payments", "transfers"],
      PAYOUT_RELEASE: { on: "accepted" },
      FRONTEND_URL: "http://localhost:8787",
      MERCHANT_NAME: "Accord",
      PASSWORD_PARALLELISM: 5,
      REGISTRATIONS_PER_HOUR: 10,
      SANDBOX: false,
      STRIPE_TIMEOUT_MS: 10_000,
      STRIPE_WEBHOOK_SECRETS: [],
      TRANSFERS_ENCRYPTION_KEYS: [],
      TRANSFERS_TOKEN_KEYS: [],
      TRANSFER_WINDOW_MINUTES: 1_440,
      livemode: false,
    });
  });

  it("is parsed once", () => {
    const env = { ...complete };
    expect(readEnvironment(env)).toBe(readEnvironment(env));
  });

  it("reads lists and named tokens", () => {
    const read = readEnvironment({
      ...complete,
      ADMIN_TOKENS: "anna:tok-1, ben/read:tok-2",
      CORS_ORIGINS: "https://a.example, https://b.example",
      STRIPE_WEBHOOK_SECRETS: "whsec_1,whsec_2",
    });
    expect(read.ADMIN_TOKENS).toEqual([
      { name: "anna", token: "tok-1", reads: false },
      { name: "ben", token: "tok-2", reads: true },
    ]);
    expect(read.CORS_ORIGINS).toEqual(["https://a.example", "https://b.example"]);
    expect(read.STRIPE_WEBHOOK_SECRETS).toEqual(["whsec_1", "whsec_2"]);
    expect(read.FRONTEND_URL).toBe("https://example.com");
  });

  it("reads keys by their ids", () => {
    const bytes = new Uint8Array(32).fill(7);
    const jwk = { kty: "EC", crv: "P-256", x: "x".repeat(43), y: "y".repeat(43), d: "d".repeat(43) };
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const read = readEnvironment({
      ...complete,
      TRANSFERS_TOKEN_KEYS: `new:${Buffer.from(bytes).toString("base64")}`,
      TRANSFERS_ENCRYPTION_KEYS: `k-2:${encode(jwk)}`,
    });
    expect(read.TRANSFERS_TOKEN_KEYS).toEqual([{ id: "new", bytes }]);
    expect(read.TRANSFERS_ENCRYPTION_KEYS).toEqual([{ ...jwk, use: "enc", alg: "ECDH-ES+A256KW", kid: "k-2" }]);
    for (const malformed of ["k", "k:", "k:bm90IGpzb24", `k:${encode({ ...jwk, d: undefined })}`]) {
      expect(problemsOf({ ...complete, TRANSFERS_ENCRYPTION_KEYS: malformed }), malformed).toEqual([
        expect.stringMatching(/^TRANSFERS_ENCRYPTION_KEYS each key is kid:base64url/),
      ]);
    }
    expect(problemsOf({ ...complete, TRANSFERS_TOKEN_KEYS: "short:AAAA" })).toHaveLength(1);
  });

  it("takes an empty variable for one that is not set", () => {
    expect(
      problemsOf({ ...complete, ADMIN_TOKENS: "", CORS_ORIGINS: "", FRONTEND_URL: "", LOCATION_HINT: "" }),
    ).toEqual([]);
  });

  it("judges settings one by one, without the others", () => {
    expect(malformedSettings({ FRONTEND_URL: "https://shop.test", CORS_ORIGINS: "" })).toEqual([]);
    expect(malformedSettings({ PASSWORD_PARALLELISM: "17", STRIPE_SECRET_KEY: "pk_test_x" })).toEqual([
      expect.stringMatching(/^STRIPE_SECRET_KEY must be a secret or restricted key/),
      expect.stringMatching(/^PASSWORD_PARALLELISM /),
    ]);
  });

  it("knows the mode by the key", () => {
    expect(readEnvironment({ ...complete, STRIPE_SECRET_KEY: "rk_live_x" }).livemode).toBe(true);
  });

  it("takes Stripe's publishable key of the same mode, or none", () => {
    const of = (key: string) => ({ ...complete, STRIPE_PUBLISHABLE_KEY: key });
    expect(readEnvironment(of("pk_test_x")).STRIPE_PUBLISHABLE_KEY).toBe("pk_test_x");
    expect(readEnvironment(of("")).STRIPE_PUBLISHABLE_KEY).toBeUndefined();
    expect(problemsOf({ ...of("pk_live_x"), STRIPE_SECRET_KEY: "sk_live_x" })).toEqual([]);
    expect(problemsOf(of("pk_live_x"))).toEqual(["STRIPE_PUBLISHABLE_KEY is of the other mode than STRIPE_SECRET_KEY"]);
    expect(problemsOf(of("sk_test_x"))).toHaveLength(1);
  });

  it("says what is missing, and what to do", () => {
    expect(problemsOf({ ...bindings, DB: undefined })).toEqual([
      "binding DB is missing",
      expect.stringMatching(/^STRIPE_SECRET_KEY is missing: run `npm start`.*\.dev\.vars$/),
    ]);
    expect(problemsOf({ ...complete, STRIPE_SECRET_KEY: "sk_live_x", FRONTEND_URL: "" })).toEqual([
      "FRONTEND_URL is missing: clients come back to it after paying",
    ]);
  });

  it("refuses a location that is none", () => {
    expect(problemsOf({ ...complete, LOCATION_HINT: "europe" })).toHaveLength(1);
    expect(readEnvironment({ ...complete, LOCATION_HINT: "weur" }).LOCATION_HINT).toBe("weur");
    // Durable Objects know it, but no database can be made there.
    expect(problemsOf({ ...complete, LOCATION_HINT: "sam" })).toHaveLength(1);
  });

  it.each([
    ["ADMIN_TOKENS", "sandbox:admin_sandbox"],
    ["ADMIN_TOKENS", "alice:replace_with_64_hex_digits"],
    ["STRIPE_SECRET_KEY", "sk_test_replace_me"],
    ["STRIPE_WEBHOOK_SECRETS", "whsec_of_ours,whsec_connected_accounts"],
    ["FRONTEND_URL", "https://replace-me.example"],
    ["TRANSFERS_TOKEN_KEYS", "sandbox:c2FuZGJveC1zaWduaW5nLWtleS1vZi0zMi1ieXRlcyE="],
  ])("refuses a value that everybody can read, outside the sandbox: %s=%s", (name, value) => {
    expect(problemsOf({ ...complete, [name]: value })).toEqual([
      `${name} holds a value that is printed in the repository: put one of your own there`,
    ]);
    expect(problemsOf({ ...complete, [name]: value, SANDBOX: "true" })).toEqual([]);
  });
});

it("answers 503 while the environment is incomplete, and shows nothing of it", async () => {
  const response = await createApp().fetch(new Request("http://localhost/api/v1/status"), bindings);
  expect(response.status).toBe(503);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ status: 503, code: "unavailable" });
});
