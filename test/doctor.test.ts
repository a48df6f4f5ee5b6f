import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../src/cli/deploy/configuration.ts";
import { refuseAutomaticPayouts } from "../src/cli/deploy/stripe-payouts.ts";
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
const refused = { ok: false, message: "No." } as const;

describe("the settings of a deployment", () => {
  const bindings = readConfiguration().handed;
  const vars = {
    STRIPE_SECRET_KEY: "sk_live_x",
    STRIPE_WEBHOOK_SECRETS: "whsec_1,whsec_2",
    FRONTEND_URL: "https://example.com",
    ADMIN_TOKENS: "alice:secret",
    WEBHOOK_SEALING_KEYS: `k1:${"A".repeat(43)}=`,
    TRANSFERS_TOKEN_KEYS: `k1:${"A".repeat(43)}=`,
  };

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

  it("are reported where something will not work without them", () => {
    const poor = { STRIPE_SECRET_KEY: "sk_test_x", STRIPE_WEBHOOK_SECRETS: "whsec_1" };
    expect(complaints(checkSettings(worker, poor, bindings))).toEqual([
      "wrong: STRIPE_WEBHOOK_SECRETS holds 1 of 2 secrets: events that are signed with others are refused",
      "wrong: The operator API is closed",
      "unsure: No webhook endpoint can be made",
      "unsure: The transfers contract issues no tokens",
    ]);
    const readers = { ...vars, ADMIN_TOKENS: "alice/read:secret, ben/read:other" };
    expect(complaints(checkSettings(worker, readers, bindings))).toEqual([
      "unsure: Every operator's token is a read token",
    ]);
    expect(complaints(checkSettings(worker, { ...vars, ADMIN_TOKENS: "alice/read:a,ben:b" }, bindings))).toEqual([]);
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
    expect(complaints(checkAccount(worker, given({ ...account, ...changes })))).toEqual(expected);
  });

  it("is a platform with a signed profile once it has opened an account", () => {
    const opened = { controller: { losses: { payments: "application" } } };
    expect(complaints(checkConnect(given({ data: [opened] })))).toEqual([]);
    expect(complaints(checkConnect(given({ data: [] })))).toEqual([
      expect.stringMatching(/^unsure: No account was opened yet/),
      "unsure: Stripe opens no accounts by POST /v1/accounts for a new platform that has not asked for it",
    ]);
    expect(complaints(checkConnect(refused))).toEqual(["wrong: Connect is not there: No."]);
    expect(complaints(checkAccount(worker, refused))).toEqual(["wrong: Stripe does not take the key: No."]);
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
