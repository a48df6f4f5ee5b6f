import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../src/cli/deploy/configuration.ts";
import { refuseAutomaticPayouts } from "../src/cli/deploy/stripe-payouts.ts";
import { checkDeployment } from "../src/cli/doctor/deployment.ts";
import type { Finding } from "../src/cli/doctor/finding.ts";
import { checkSettings, checkStatus } from "../src/cli/doctor/settings.ts";
import { checkAccount, checkConnect, checkPayouts } from "../src/cli/doctor/stripe-account.ts";
import { checkEndpoints, type Endpoint } from "../src/cli/doctor/webhook-endpoints.ts";
import { loadWorker } from "../src/cli/doctor/worker.ts";

const worker = await loadWorker();

/** Returns the findings that are not well, in order. */
function complaints(findings: readonly Finding[]): string[] {
  return findings.filter(({ state }) => state !== "well").map(({ state, what }) => `${state}: ${what}`);
}

const given = <T>(value: T) => ({ ok: true, value }) as const;
const refused = { ok: false, status: 403, message: "No." } as const;

const bindings = readConfiguration().handed;
const vars = {
  STRIPE_SECRET_KEY: "sk_live_x",
  STRIPE_WEBHOOK_SECRETS: "whsec_1,whsec_2",
  FRONTEND_URL: "https://example.com",
  MAIL_FROM: "Shop <nobody@example.com>",
  MAIL_URL: "https://mailer.example.com/emails",
  ADMIN_TOKENS: `alice:${"0123456789abcdef".repeat(4)}`,
  WEBHOOK_SEALING_KEYS: `k1:${"A".repeat(43)}=`,
  TRANSFERS_TOKEN_KEYS: `k1:${"A".repeat(43)}=`,
};

describe("the settings of a deployment", () => {
  it("are well when they are whole, and wrangler.toml has every binding", () => {
    expect(complaints(checkSettings(worker, vars, bindings))).toEqual([]);
  });

  it("are named where they are missing or malformed, and so are bindings", () => {
    const { DB: _, ...without } = bindings;
    const { FRONTEND_URL: __, ...incomplete } = vars;
    expect(complaints(checkSettings(worker, incomplete, bindings))).toEqual([
      "wrong: FRONTEND_URL is missing: clients come back to it after paying",
    ]);
    expect(complaints(checkSettings(worker, { ...vars, EXPERT_CAPABILITIES: "cards" }, without))).toEqual([
      "wrong: binding DB is missing",
      "wrong: EXPERT_CAPABILITIES.0 knows card_payments and transfers",
    ]);
    expect(complaints(checkSettings(worker, { ...vars, PAYOUT_RELEASE: "days:31" }, bindings))).toEqual([
      "wrong: PAYOUT_RELEASE must be accepted, completed, or days:N with N from 1 to 30",
    ]);
  });

  it("are named where the Worker would not start with them", () => {
    const unsafe = {
      ...vars,
      ADMIN_TOKENS: "sandbox:admin_sandbox",
      FRONTEND_URL: "http://example.com",
      CORS_ORIGINS: "http://example.com",
      SANDBOX: "true",
      STRIPE_WEBHOOK_SECRETS: "",
    };
    const { SANDBOX: _, ...published } = unsafe;
    expect(complaints(checkSettings(worker, published, bindings))).toEqual([
      "wrong: ADMIN_TOKENS holds a value that is printed in the repository: put one of your own there",
    ]);
    expect(complaints(checkSettings(worker, unsafe, bindings))).toEqual([
      "wrong: SANDBOX is true with a live key: everybody knows the sandbox's tokens and can move its clock",
      "wrong: STRIPE_WEBHOOK_SECRETS is missing with a live key: no event of Stripe's could be believed",
      "wrong: FRONTEND_URL must be https with a live key",
      "wrong: CORS_ORIGINS must be https with a live key, and http://example.com is not",
    ]);
    expect(complaints(checkSettings(worker, { ...vars, ADMIN_TOKENS: "alice:secret" }, bindings))).toEqual([
      "wrong: ADMIN_TOKENS: the token of alice can be guessed: make one of 64 digits, openssl rand -hex 32",
    ]);
  });

  it("are reported where something will not work without them", () => {
    const poor = { STRIPE_SECRET_KEY: "sk_test_x", STRIPE_WEBHOOK_SECRETS: "whsec_1" };
    expect(complaints(checkSettings(worker, poor, bindings))).toEqual([
      "wrong: STRIPE_WEBHOOK_SECRETS holds 1 of 2 secrets: events that are signed with others are refused",
      "wrong: The operator API is closed",
      "unsure: No webhook endpoint can be made",
      "unsure: The transfers contract issues no tokens",
      "unsure: No mailer is set: nobody can reset a password or verify an e-mail",
    ]);
    const { MAIL_URL: _, ...unsent } = vars;
    expect(complaints(checkSettings(worker, unsent, bindings))).toEqual([
      "unsure: MAIL_FROM is set, but mails have no way out",
    ]);
    expect(complaints(checkSettings(worker, unsent, { ...bindings, EMAIL: {} }))).toEqual([]);
    const token = "0123456789abcdef".repeat(4);
    const readers = { ...vars, ADMIN_TOKENS: `alice/read:${token}, ben/read:${token}0` };
    expect(complaints(checkSettings(worker, readers, bindings))).toEqual([
      "unsure: Every operator's token is a read token",
    ]);
    expect(
      complaints(checkSettings(worker, { ...vars, ADMIN_TOKENS: `alice/read:${token},ben:${token}0` }, bindings)),
    ).toEqual([]);
  });

  it("are there where the deployment answers", () => {
    expect(complaints([checkStatus("https://a.example", 200)])).toEqual([]);
    expect(complaints([checkStatus("https://a.example", 503)])).toEqual([
      "wrong: https://a.example/api/v1/status answers 503",
    ]);
    expect(complaints([checkStatus("https://a.example", null)])).toEqual([
      "wrong: Nothing answers at https://a.example",
    ]);
  });
});

describe("the Stripe account", () => {
  const account = { charges_enabled: true, country: "SK", default_currency: "eur" };

  it.each([
    [{}, []],
    [{ charges_enabled: false }, ["wrong: The Stripe account takes no payments yet"]],
    [{ country: "BR" }, ["wrong: Transfers from BR do not reach experts"]],
    [
      { default_currency: "usd" },
      ["wrong: It settles in usd: payouts to experts are refused in another currency than the offer's"],
    ],
  ])("with %o is answered with %o", (changes, expected) => {
    expect(complaints(checkAccount(worker, given({ ...account, ...changes }), true))).toEqual(expected);
  });

  it("need not be activated for a test key", () => {
    expect(complaints(checkAccount(worker, given({ ...account, charges_enabled: false }), false))).toEqual([
      "unsure: The Stripe account takes no real payments yet",
    ]);
  });

  it.each([
    [0, "Stripe does not answer: No."],
    [401, "Stripe does not take the key: No."],
    [403, "The Stripe account cannot be seen: No."],
  ])("is named by what Stripe said where it is not shown: %i", (status, what) => {
    expect(complaints(checkAccount(worker, { ...refused, status }, true))).toEqual([`wrong: ${what}`]);
  });

  it("is a platform with a signed profile once it has opened an account", () => {
    const opened = { controller: { losses: { payments: "application" } } };
    expect(complaints(checkConnect(given({ data: [opened] })))).toEqual([]);
    expect(complaints(checkConnect(given({ data: [] })))).toEqual([
      expect.stringMatching(/^unsure: No account was opened yet/),
      "unsure: Stripe opens no accounts by POST /v1/accounts for a new platform that has not asked for it",
    ]);
    expect(complaints(checkConnect(refused))).toEqual(["wrong: Connect is not there: No."]);
  });

  it.each([
    ["manual", null, []],
    ["daily", null, ["wrong: Payouts to the bank are daily and leave nothing"]],
    ["weekly", { eur: 0 }, ["wrong: Payouts to the bank are weekly and leave nothing"]],
    ["daily", { eur: 100_000 }, []],
  ])("is paid out %s with %o", (interval, minimum, expected) => {
    const payouts = { minimum_balance_by_currency: minimum, schedule: { interval } };
    expect(complaints(checkPayouts(given({ payments: { payouts } })))).toEqual(expected);
  });

  it.each([
    ["manual", null, []],
    ["daily", null, ["wrong: PAYOUT_RELEASE=days:7 needs manual payouts to the bank, and they are daily"]],
    ["daily", { eur: 100_000 }, ["wrong: PAYOUT_RELEASE=days:7 needs manual payouts to the bank, and they are daily"]],
  ])("is paid out %s with %o where experts wait for a release", async (interval, minimum, expected) => {
    const payouts = { minimum_balance_by_currency: minimum, schedule: { interval } };
    expect(complaints(checkPayouts(given({ payments: { payouts } }), "days:7"))).toEqual(expected);
    const server = createServer((request, response) => {
      const isKnown = request.headers.authorization === "Bearer sk_test_x" && request.url === "/v1/balance_settings";
      response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ payments: { payouts } }));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const deploying = refuseAutomaticPayouts({ PAYOUT_RELEASE: "days:7", STRIPE_SECRET_KEY: "sk_test_x" }, origin);
    if (expected.length > 0) await expect(deploying).rejects.toThrow("PAYOUT_RELEASE=days:7 needs manual payouts");
    else await expect(deploying).resolves.toBeUndefined();
    server.close();
  });

  it("must be seen where experts wait for a release, also before a deployment", async () => {
    const unseen = ["wrong: PAYOUT_RELEASE=completed needs manual payouts to the bank, and they cannot be seen: No."];
    expect(complaints(checkPayouts(refused, "completed"))).toEqual(unseen);
    await expect(refuseAutomaticPayouts({ PAYOUT_RELEASE: "completed" })).rejects.toThrow("STRIPE_SECRET_KEY");
    await expect(refuseAutomaticPayouts({}, "http://127.0.0.1:1")).resolves.toBeUndefined();
  });
});

describe("the webhook endpoints", () => {
  const url = "https://a.example/api/v1/webhooks";
  const of = (id: string, types: readonly string[]): Endpoint => ({
    id,
    url,
    status: "enabled",
    api_version: worker.stripeApiVersion,
    enabled_events: [...types],
  });
  const both = [of("we_1", worker.connectedTypes), of("we_2", worker.platformTypes)];
  const check = (data: Endpoint[]) => complaints(checkEndpoints(worker, url, given({ data })));

  it("are well when there are two with every type, in our version", () => {
    expect(check(both)).toEqual([]);
    expect(check([of("we_1", ["*"]), of("we_2", ["*"])])).toEqual([]);
  });

  it("must be two: one that receives every type counts as one", () => {
    expect(check([of("we_1", ["*"])])).toEqual([`wrong: The connected accounts' webhook endpoint is missing: ${url}`]);
    expect(check([{ ...of("we_1", ["*"]), url: "https://b.example" }])).toHaveLength(2);
  });

  it("are reported when they are disabled, lack a type, or are of another version", () => {
    const [connected, platform] = both;
    if (!connected || !platform) throw new Error("there are two");
    const deaf = { ...platform, enabled_events: platform.enabled_events.filter((type) => type !== "charge.updated") };
    expect(check([{ ...connected, status: "disabled" }, deaf])).toEqual([
      "wrong: The platform's webhook endpoint does not hear charge.updated",
      "wrong: The connected accounts' webhook endpoint is disabled",
    ]);
    expect(check([{ ...connected, api_version: null }, platform])).toEqual([
      "wrong: The connected accounts' webhook endpoint is told in version of the account",
    ]);
  });
});

describe("a deployment, looked at as a whole", () => {
  const endpoints = (url: string) => [
    { id: "we_1", url, status: "enabled", api_version: worker.stripeApiVersion, enabled_events: worker.platformTypes },
    { id: "we_2", url, status: "enabled", api_version: worker.stripeApiVersion, enabled_events: worker.connectedTypes },
  ];
  const good = {
    "/api/v1/status": () => ({}),
    "/v1/account": () => ({ charges_enabled: true, country: "SK", default_currency: "eur" }),
    "/v1/accounts": () => ({ data: [{ controller: { losses: { payments: "application" } } }] }),
    "/v1/balance_settings": () => ({ payments: { payouts: { schedule: { interval: "manual" } } } }),
    "/v1/webhook_endpoints": (origin: string) => ({ data: endpoints(`${origin}/api/v1/webhooks`) }),
  };
  const bad = {
    "/v1/account": () => ({ charges_enabled: false, country: "SK", default_currency: "usd" }),
    "/v1/accounts": () => ({ data: [] }),
    "/v1/balance_settings": () => ({ payments: { payouts: { schedule: { interval: "daily" } } } }),
    "/v1/webhook_endpoints": () => ({ data: [] }),
  };

  it("is well where everything is there", async () => expect(await examine(good, vars)).toEqual([]));

  it("names a key that Stripe does not take once, and says nothing that follows from it", async () => {
    const { "/v1/account": _, ...without } = good;
    const answersAlone = { "/api/v1/status": good["/api/v1/status"] };
    expect(await examine(answersAlone, vars, 401)).toEqual(["wrong: Stripe does not take the key: 401"]);
    expect(await examine({ ...without, "/v1/accounts": bad["/v1/accounts"] }, vars, 403)).toEqual([
      "wrong: The Stripe account cannot be seen: 403",
      expect.stringMatching(/^unsure: No account was opened yet/),
      expect.stringMatching(/^unsure: Stripe opens no accounts by POST/),
    ]);
    const [unreachable] = (await checkDeployment(worker, "http://127.0.0.1:1", vars, "http://127.0.0.1:1")).slice(1);
    expect(unreachable?.what).toMatch(/^Stripe does not answer: Error: /);
  });

  it("is named part by part where it is not", async () => {
    const found = await examine(bad, { ...vars, FRONTEND_URL: "http://example.com", ADMIN_TOKENS: "alice:secret" });
    expect(found.map((one) => one.replace(/http:\/\/127\S+/, "…"))).toEqual([
      "wrong: ADMIN_TOKENS: the token of alice can be guessed: make one of 64 digits, openssl rand -hex 32",
      "wrong: FRONTEND_URL must be https with a live key",
      "wrong: … answers 503",
      "wrong: The Stripe account takes no payments yet",
      "wrong: It settles in usd: payouts to experts are refused in another currency than the offer's",
      expect.stringMatching(/^unsure: No account was opened yet/),
      expect.stringMatching(/^unsure: Stripe opens no accounts by POST/),
      "wrong: Payouts to the bank are daily and leave nothing",
      "wrong: The platform's webhook endpoint is missing: …",
      "wrong: The connected accounts' webhook endpoint is missing: …",
    ]);
  });
});

/** Examines a deployment and its Stripe account, which one server stands in for. Paths without an answer are `missing`. */
async function examine(
  answers: Record<string, (origin: string) => unknown>,
  settings: Record<string, string>,
  missing = 503,
): Promise<string[]> {
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url ?? "", origin).pathname];
    response.writeHead(answer ? 200 : missing).end(JSON.stringify(answer?.(origin) ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await checkDeployment(worker, origin, settings, origin);
  server.close();
  return complaints([...checkSettings(worker, settings, bindings), ...found]);
}
