import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { EnvironmentIncomplete, readEnvironment } from "../../src/env";

const bindings = { DB: {}, SEQUENCER: {}, COURIER: {}, WORK: {}, DELIVERIES: {}, SHIELD: {}, SECRETS: {}, ASSETS: {} };
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
      CORS_ORIGINS: [],
      FRONTEND_URL: "http://localhost:8787",
      MERCHANT_NAME: "Accord",
      PASSWORD_PARALLELISM: 5,
      SANDBOX: false,
      STRIPE_TIMEOUT_MS: 10_000,
      STRIPE_WEBHOOK_SECRETS: [],
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
      ADMIN_TOKENS: "anna:tok-1, ben:tok-2",
      CORS_ORIGINS: "https://a.example, https://b.example",
      STRIPE_WEBHOOK_SECRETS: "whsec_1,whsec_2",
    });
    expect(read.ADMIN_TOKENS).toEqual([
      { name: "anna", token: "tok-1" },
      { name: "ben", token: "tok-2" },
    ]);
    expect(read.CORS_ORIGINS).toEqual(["https://a.example", "https://b.example"]);
    expect(read.STRIPE_WEBHOOK_SECRETS).toEqual(["whsec_1", "whsec_2"]);
    expect(read.FRONTEND_URL).toBe("https://example.com");
  });

  it("takes an empty variable for one that is not set", () => {
    expect(
      problemsOf({ ...complete, ADMIN_TOKENS: "", CORS_ORIGINS: "", FRONTEND_URL: "", LOCATION_HINT: "" }),
    ).toEqual([]);
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
  });

  it("refuses the sandbox's operator outside of it", () => {
    const env = { ...complete, ADMIN_TOKENS: "sandbox:admin_sandbox" };
    expect(problemsOf(env)).toHaveLength(1);
    expect(problemsOf({ ...env, SANDBOX: "true" })).toEqual([]);
  });
});

it("answers 503 while the environment is incomplete, and shows nothing of it", async () => {
  const response = await createApp().fetch(new Request("http://localhost/api/v1/status"), bindings);
  expect(response.status).toBe(503);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ status: 503, code: "unavailable" });
});
