import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { EnvironmentIncomplete, malformedSettings, readEnvironment } from "../../src/env";

const names = ["DB", "SEQUENCER", "DISPATCHER", "LIMITER", "COMMITTER", "WORK", "DELIVERIES", "ASSETS"];
const limits = ["SHIELD", "SECRETS", "TOKEN_REQUESTS", "APPLICATION_REQUESTS"];
const bindings = Object.fromEntries([...names, ...limits].map((name) => [name, {}]));
const tokens = ["0123456789abcdef".repeat(4), "fedcba9876543210".repeat(2)];
const complete = { ...bindings, STRIPE_SECRET_KEY: "sk_test_x", FRONTEND_URL: "https://example.com/" };
/** A deployment that takes real money. */
const live = {
  ...complete,
  STRIPE_SECRET_KEY: "sk_live_x",
  STRIPE_WEBHOOK_SECRETS: "whsec_1,whsec_2",
  ADMIN_TOKENS: `anna:${tokens[0]}`,
  CORS_ORIGINS: "https://a.example",
};

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
      GROUP_COMMIT: "off",
      GROUP_COMMIT_CALM_MS: 20,
      EXPERT_CAPABILITIES: ["card_payments", "transfers"],
      PAYOUT_RELEASE: { on: "accepted" },
      FRONTEND_URL: "http://localhost:8787",
      MERCHANT_NAME: "Accord",
      OPEN_BUCKETS: { first: 0, last: 63 },
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
      ADMIN_TOKENS: `anna:${tokens[0]}, ben/read:${tokens[1]}`,
      CORS_ORIGINS: "https://a.example, https://b.example",
      STRIPE_WEBHOOK_SECRETS: "whsec_1,whsec_2",
    });
    expect(read.ADMIN_TOKENS).toEqual([
      { name: "anna", token: tokens[0], reads: false },
      { name: "ben", token: tokens[1], reads: true },
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
    expect(readEnvironment({ ...live, STRIPE_SECRET_KEY: "rk_live_x" }).livemode).toBe(true);
  });

  it("takes Stripe's publishable key of the same mode, or none", () => {
    const of = (key: string) => ({ ...complete, STRIPE_PUBLISHABLE_KEY: key });
    expect(readEnvironment(of("pk_test_x")).STRIPE_PUBLISHABLE_KEY).toBe("pk_test_x");
    expect(readEnvironment(of("")).STRIPE_PUBLISHABLE_KEY).toBeUndefined();
    expect(problemsOf({ ...live, STRIPE_PUBLISHABLE_KEY: "pk_live_x" })).toEqual([]);
    expect(problemsOf(of("pk_live_x"))).toEqual(["STRIPE_PUBLISHABLE_KEY is of the other mode than STRIPE_SECRET_KEY"]);
    expect(problemsOf(of("sk_test_x"))).toHaveLength(1);
  });

  it("takes a contact for security that is one https: or mailto: address", () => {
    const of = (contact: string) => ({ ...complete, SECURITY_CONTACT: contact });
    for (const contact of ["https://shop.test/report", "mailto:security@shop.test"]) {
      expect(readEnvironment(of(contact)).SECURITY_CONTACT).toBe(contact);
    }
    expect(readEnvironment(of("")).SECURITY_CONTACT).toBeUndefined();
    for (const contact of ["security@shop.test", "http://shop.test", "mailto:shop", "https://a.test\nHiring: no"]) {
      expect(problemsOf(of(contact)), contact).toEqual(["SECURITY_CONTACT must be an https: or mailto: address"]);
    }
  });

  it("opens the buckets that are named", () => {
    expect(readEnvironment({ ...complete, OPEN_BUCKETS: "64-127" }).OPEN_BUCKETS).toEqual({ first: 64, last: 127 });
    for (const OPEN_BUCKETS of ["9-8", "0-4096", "64", "", "a-b"]) {
      expect(problemsOf({ ...complete, OPEN_BUCKETS })).toEqual(["OPEN_BUCKETS must be first-last, from 0 to 4095"]);
    }
  });

  it("says what is missing, and what to do", () => {
    expect(problemsOf({ ...bindings, DB: undefined })).toEqual([
      "binding DB is missing",
      expect.stringMatching(/^STRIPE_SECRET_KEY is missing: run `npm start`.*\.dev\.vars$/),
    ]);
    expect(problemsOf({ ...live, FRONTEND_URL: "" })).toEqual([
      "FRONTEND_URL is missing: clients come back to it after paying",
    ]);
  });

  it("refuses a location that is none", () => {
    expect(problemsOf({ ...complete, LOCATION_HINT: "europe" })).toHaveLength(1);
    expect(readEnvironment({ ...complete, LOCATION_HINT: "weur" }).LOCATION_HINT).toBe("weur");
    // Durable Objects know it, but no database can be made there.
    expect(problemsOf({ ...complete, LOCATION_HINT: "sam" })).toHaveLength(1);
  });

  const guessable = "can be guessed: make one of 64 digits, openssl rand -hex 32";
  it.each([
    ["ADMIN_TOKENS", "anna:short", `ADMIN_TOKENS: the token of anna ${guessable}`],
    ["ADMIN_TOKENS", `anna:${"abc".repeat(20)}`, `ADMIN_TOKENS: the token of anna ${guessable}`],
    ["ADMIN_TOKENS", `anna:${tokens[0]},ben:${tokens[1]?.slice(1)}`, `ADMIN_TOKENS: the token of ben ${guessable}`],
    ["SANDBOX", "true", "SANDBOX is true with a live key: everybody knows the sandbox's tokens and can move its clock"],
    [
      "STRIPE_WEBHOOK_SECRETS",
      "",
      "STRIPE_WEBHOOK_SECRETS is missing with a live key: no event of Stripe's could be believed",
    ],
    [
      "STRIPE_WEBHOOK_SECRETS",
      undefined,
      "STRIPE_WEBHOOK_SECRETS is missing with a live key: no event of Stripe's could be believed",
    ],
    ["FRONTEND_URL", "http://example.com", "FRONTEND_URL must be https with a live key"],
    [
      "CORS_ORIGINS",
      "https://a.example,http://b.example",
      "CORS_ORIGINS must be https with a live key, and http://b.example is not",
    ],
    ["CORS_ORIGINS", "*", "CORS_ORIGINS.0 is no origin: https://name, without a path or a slash at the end"],
    [
      "CORS_ORIGINS",
      "https://a.example/",
      "CORS_ORIGINS.0 is no origin: https://name, without a path or a slash at the end",
    ],
    ["STRIPE_PUBLISHABLE_KEY", "pk_test_x", "STRIPE_PUBLISHABLE_KEY is of the other mode than STRIPE_SECRET_KEY"],
    [
      "ADMIN_TOKENS",
      "sandbox:admin_sandbox",
      "ADMIN_TOKENS holds a value that is printed in the repository: put one of your own there",
    ],
    [
      "STRIPE_WEBHOOK_SECRETS",
      "whsec_sandbox_platform",
      "STRIPE_WEBHOOK_SECRETS holds a value that is printed in the repository: put one of your own there",
    ],
    [
      "TRANSFERS_TOKEN_KEYS",
      "sandbox:c2FuZGJveC1zaWduaW5nLWtleS1vZi0zMi1ieXRlcyE=",
      "TRANSFERS_TOKEN_KEYS holds a value that is printed in the repository: put one of your own there",
    ],
  ])("does not start where real money comes in with %s=%s", async (name, value, problem) => {
    expect(problemsOf({ ...live, [name]: value })).toEqual([problem]);
    const answer = await createApp().fetch(new Request("http://localhost/api/v1/"), { ...live, [name]: value });
    expect(answer.status).toBe(503);
  });

  it("starts where nothing is unsafe, and takes plain http and no webhook secrets with a test key", () => {
    expect(problemsOf(live)).toEqual([]);
    const trial = { FRONTEND_URL: "http://localhost:3000", CORS_ORIGINS: "http://localhost:3000" };
    expect(problemsOf({ ...complete, ...trial })).toEqual([]);
    expect(problemsOf({ ...complete, ADMIN_TOKENS: "anna:short" })).toHaveLength(1);
    expect(problemsOf({ ...complete, ADMIN_TOKENS: "sandbox:admin_sandbox", SANDBOX: "true" })).toEqual([]);
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
