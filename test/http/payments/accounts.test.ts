import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { newEmail, Seller } from "../../seller";
import { journey } from "../checked";

let seller: Seller;

beforeEach(async () => {
  await journey.reset();
  seller = await Seller.register(journey);
});

const notTheOwner = "Not the Owner of account";
const emailRequired = "Invalid request body. 'email' field is required.";

async function linkSeconds(): Promise<number> {
  const { nowSeconds } = (await journey.control("GET", "clock")).body;
  return nowSeconds + 300; // as long as Stripe's pages live
}

describe("POST /connected-accounts", () => {
  it("answers the account and the page in the documented shape and order", async () => {
    const answer = await seller.open({ email: "seller@example.com" });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(["data", "meta", "links"]);
    expect(answer.body).toEqual({
      data: {
        account_id: expect.stringMatching(/^acct_/),
        public_key: "pk_test_sandbox",
        message:
          "Connected account created successfully onboarding link expires in 5 minutes use the 'onboarding_url' to complete the onboarding",
        expires_at: expect.any(String),
      },
      meta: { status_code: 201 },
      links: {
        self: "http://localhost:8787/api/v1/connected-accounts",
        onboarding_url: expect.stringContaining("/sandbox/onboarding/"),
      },
    });
  });

  it("without a token is 401, and makes nothing", async () => {
    const body = { email: newEmail() };
    for (const path of ["/connected-accounts", "/connected-accounts/onboarding"]) {
      const headers = { "X-App-ID": "01890000-0000-8000-8000-000000000000" };
      for (const options of [{ body }, { body, headers }, { body, headers: { "X-Developer-Token": "nonsense" } }]) {
        const answer = await journey.call("POST", `/api/v1${path}`, options);
        expect([answer.status, answer.body.detail]).toEqual([401, "Unauthorized"]);
      }
    }
    expect((await journey.stripe("/accounts")).data).toEqual([]);
  });

  it.each([
    [{}],
    [{ email: null }],
    [{ email: "" }],
    [{ email: "a word" }],
    [{ email: 7 }],
    [{ mail: "a@example.com" }],
  ])("without an e-mail (%j) is 400", async (body) => {
    const answer = await seller.ask("POST", "/connected-accounts", body);
    expect([answer.status, answer.body.detail]).toEqual([400, emailRequired]);
  });

  it("with a body that is none is 400", async () => {
    const request = new Request("http://localhost:8787/api/v1/connected-accounts", {
      method: "POST",
      headers: { "X-Developer-Token": seller.token, "Content-Type": "application/json" },
      body: "{",
    });
    const response = await createApp().fetch(request, env, createExecutionContext());
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([400, emailRequired]);
  });

  it("with the e-mail of a live account is 409 and names it, in any spelling; another developer's is another", async () => {
    const accountId = await seller.opened({ email: "Seller@example.com" });
    const again = await seller.open({ email: "seller@EXAMPLE.com" });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      detail: "An account with this email already exists.",
      code: "account_exists",
      account_id: accountId,
    });
    const other = await Seller.register(journey);
    expect((await other.open({ email: "seller@example.com" })).status).toBe(201);
    expect((await journey.stripe("/accounts")).data).toHaveLength(2);
  });

  it("says how long the page really lives, and when it ends", async () => {
    const opened = await seller.open();
    const ends = await linkSeconds();
    expect(Math.abs(Date.parse(opened.body.data.expires_at) / 1000 - ends)).toBeLessThanOrEqual(2);
    const body = { account_id: opened.body.data.account_id };
    const again = await seller.ask("POST", "/connected-accounts/onboarding", body);
    expect(again.status).toBe(201);
    expect(again.body).toEqual({
      data: {
        message: "Onboarding link expires in 5 minutes use the 'onboarding_url' to complete the onboarding",
        expires_at: expect.any(String),
      },
      meta: { status_code: 201 },
      links: {
        self: "http://localhost:8787/api/v1/connected-accounts/onboarding",
        onboarding_url: expect.stringContaining("/sandbox/onboarding/"),
      },
    });
    expect(again.body.links.onboarding_url).not.toBe(opened.body.links.onboarding_url);
    await journey.advance(301);
    const late = await journey.call("POST", new URL(again.body.links.onboarding_url).pathname);
    expect(late.headers.get("Location")).toContain("/connected-account/refresh");
  });

  it("sends the holder where the caller says, or to the configured pages, and nowhere that is not https", async () => {
    const urls = { return_url: "https://shop.example.com/back", refresh_url: "https://shop.example.com/again?x=1" };
    const given = await seller.open(urls);
    const back = await seller.onboard(given.body.links.onboarding_url);
    expect([back.status, back.headers.get("Location")]).toEqual([303, urls.return_url]);
    const plain = await seller.open();
    const home = await seller.onboard(plain.body.links.onboarding_url);
    expect(home.headers.get("Location")).toBe("http://localhost:8787/sandbox/connected-account/return");
    expect((await journey.call("GET", "/sandbox/connected-account/return")).body).toContain(plain.body.data.account_id);
    expect((await seller.open({ return_url: "http://localhost:3000/back" })).status).toBe(201);

    const wrong = ["http://shop.example.com", "javascript:alert(1)", "https://a:b@shop.example.com", "shop", "//x.y"];
    for (const url of wrong) {
      for (const field of ["return_url", "refresh_url"]) {
        const answers = [
          await seller.open({ [field]: url }),
          await seller.ask("POST", "/connected-accounts/onboarding", {
            account_id: given.body.data.account_id,
            [field]: url,
          }),
        ];
        for (const { status, body } of answers) {
          expect([status, Object.keys(body.details.errors)], url).toEqual([422, [field]]);
        }
      }
    }
    expect((await journey.stripe("/accounts")).data).toHaveLength(3);
  });

  it("is 201 when only the page fails: the account stands, and says how to get another page", async () => {
    await journey.fault("POST /v1/account_links", "500", 2);
    const answer = await seller.open();
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      data: {
        expires_at: null,
        message:
          "Connected account created successfully but without an onboarding link: ask POST /api/v1/connected-accounts/onboarding for one",
      },
      links: { onboarding_url: null },
    });
    const accountId = answer.body.data.account_id;
    expect((await journey.stripe("/accounts")).data.map(({ id }: { id: string }) => id)).toEqual([accountId]);
    expect(await seller.status(accountId)).toBe("incomplete");
    const page = await seller.ask("POST", "/connected-accounts/onboarding", { account_id: accountId });
    expect(page.status).toBe(201);
  });

  it("opens one account under one key, and no other under it", async () => {
    const key = { "Idempotency-Key": "once" };
    const email = newEmail();
    const answers = [await seller.open({ email }, key), await seller.open({ email }, key)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(({ body }) => body.data.account_id)).toEqual([
      answers[0]?.body.data.account_id,
      answers[0]?.body.data.account_id,
    ]);
    expect(answers[1]?.headers.get("Idempotent-Replayed")).toBe("true");
    const other = await seller.open({ email: newEmail() }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    expect((await journey.stripe("/accounts")).data).toHaveLength(1);
  });

  it("refuses a country that is none", async () => {
    const answer = await seller.open({ country: "XX" });
    expect([answer.status, answer.body.details.message]).toEqual([
      422,
      "country must be a country of ISO 3166-1, as in US",
    ]);
  });

  it.each(["KP", "IS"])("refuses a country in which Stripe opens no accounts: %s", async (country) => {
    const answer = await seller.open({ country });
    expect([answer.status, answer.body.details.message]).toEqual([
      422,
      `country cannot be ${country}: accounts cannot be opened there`,
    ]);
    expect((await journey.control("GET", "requests?match=POST%20/v1/accounts")).body.requests).toEqual([]);
  });

  it("answers no public key where none is configured", async () => {
    const request = new Request("http://localhost:8787/api/v1/connected-accounts", {
      method: "POST",
      headers: { "X-Developer-Token": seller.token, "Content-Type": "application/json" },
      body: JSON.stringify({ email: newEmail() }),
    });
    const without = { ...env, STRIPE_PUBLISHABLE_KEY: "" };
    const response = await createApp().fetch(request, without, createExecutionContext());
    const { data } = (await response.json()) as { data: { public_key: string | null } };
    expect([response.status, data.public_key]).toEqual([201, null]);
  });
});

describe("POST /connected-accounts/login", () => {
  it("answers the page, also to a bearer token", async () => {
    const accountId = await seller.ready();
    const answer = await seller.ask("POST", "/connected-accounts/login", { account_id: accountId });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      data: { login_url: expect.stringContaining(`/sandbox/dashboard/${accountId}`) },
      meta: { status_code: 201 },
      links: { self: "http://localhost:8787/api/v1/connected-accounts/login" },
    });
    expect((await journey.call("GET", new URL(answer.body.data.login_url).pathname)).status).toBe(200);
    const bearer = { token: seller.token, body: { account_id: accountId } };
    expect((await journey.call("POST", "/api/v1/connected-accounts/login", bearer)).status).toBe(201);
    expect((await journey.call("POST", "/api/v1/connected-accounts/onboarding", bearer)).status).toBe(401);
  });

  it("before onboarding is 409 with the documented text", async () => {
    const account_id = await seller.opened();
    const answer = await seller.ask("POST", "/connected-accounts/login", { account_id });
    expect([answer.status, answer.body.code]).toEqual([409, "onboarding_incomplete"]);
    expect(answer.body.detail).toMatch(
      /^An error occurred while creating the login link\.Request req_\w+: Cannot create a login link for an account that has not completed onboarding\.$/,
    );
  });

  it.each(["onboarding", "login"])("%s: without an account is 422, with Stripe down 503", async (page) => {
    const missing = await seller.ask("POST", `/connected-accounts/${page}`, {});
    expect([missing.status, missing.body.details.message]).toEqual([422, "account_id is required"]);
    const account_id = await seller.ready();
    await journey.fault("POST /v1/account_links", "500", 2);
    await journey.fault("POST /v1/accounts/*/login_links", "500", 2);
    const down = await seller.ask("POST", `/connected-accounts/${page}`, { account_id });
    expect([down.status, down.body.code]).toEqual([503, "stripe_unavailable"]);
  });
});

describe("GET /connected-accounts/:id", () => {
  it("answers what Stripe has, with one status and what is still wanted", async () => {
    const email = newEmail();
    const accountId = await seller.opened({ email });
    const answer = await seller.view(accountId);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      data: {
        account_id: accountId,
        metadata: { developer_id: seller.id, account_id: expect.any(String) },
        email,
        capabilities: {
          us_bank_transfer_payments: "inactive",
          card_payments: "inactive",
          link_payments: "inactive",
          transfers: "inactive",
        },
        created: expect.any(Number),
        dashboard_name: null,
        status: "incomplete",
        requirements: ["external_account", "tos_acceptance.date", "tos_acceptance.ip"],
        charges_enabled: false,
        payouts_enabled: false,
      },
      meta: { status_code: 200 },
      links: { self: `http://localhost:8787/api/v1/connected-accounts/${accountId}` },
    });
  });

  it.each([
    ["incomplete", "incomplete"],
    ["under_review", "under_review"],
    ["ready", "ready"],
    ["paused", "incomplete"], // something is past due: the holder can end it
    ["rejected", "paused"],
  ])("shows what Stripe calls %s as %s, and never why it was rejected", async (put, status) => {
    const accountId = await seller.opened();
    await journey.control("POST", "accounts", { account: accountId, status: put });
    const answer = await seller.view(accountId);
    expect(answer.body.data.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain("rejected");
  });
});

describe("GET /connected-accounts", () => {
  const ids = (body: { data: { account_id: string }[] }) => body.data.map(({ account_id }) => account_id);

  it("lists the caller's, newest first, page by page", async () => {
    const opened = [await seller.opened(), await seller.opened(), await seller.opened()].reverse();
    const other = await Seller.register(journey);
    const foreign = await other.opened();
    const first = (await seller.ask("GET", "/connected-accounts?limit=2")).body;
    expect([ids(first), first.meta.has_more]).toEqual([opened.slice(0, 2), true]);
    const second = (await seller.ask("GET", first.links.next.slice("http://localhost:8787/api/v1".length))).body;
    expect([ids(second), second.meta.has_more, second.links.next]).toEqual([opened.slice(2), false, null]);
    for (const id of [foreign, "acct_none"]) {
      const { status, body } = await seller.ask("GET", `/connected-accounts?starting_after=${id}`);
      expect([status, body.details.errors]).toEqual([
        422,
        { starting_after: ["starting_after names nothing that is listed here"] },
      ]);
    }
  });

  it("narrows by status and e-mail", async () => {
    const ready = await seller.ready({ email: "ready@example.com" });
    const incomplete = await seller.opened({ email: "open@example.com" });
    await journey.advance(0);
    const list = async (query: string) => ids((await seller.ask("GET", `/connected-accounts?${query}`)).body);
    expect(await list("status=ready")).toEqual([ready]);
    expect(await list("status=incomplete")).toEqual([incomplete]);
    expect(await list("email=READY@example.com")).toEqual([ready]);
    expect(await list("email=READY@example.com&status=paused")).toEqual([]);
    expect((await seller.ask("GET", "/connected-accounts?status=nice")).status).toBe(422);
    expect((await seller.ask("GET", "/connected-accounts?limit=0")).status).toBe(422);
  });
});

describe("somebody else's account", () => {
  it("reads like one that nobody has, on every route, and nothing is asked of Stripe", async () => {
    const other = await Seller.register(journey);
    const foreign = await other.ready();
    await journey.advance(0);
    const before = (await journey.control("GET", "requests")).body.requests.length;
    const asks = (id: string) => [
      () => seller.view(id),
      () => seller.delete(id),
      () => seller.ask("POST", "/connected-accounts/onboarding", { account_id: id }),
      () => seller.ask("POST", "/connected-accounts/login", { account_id: id }),
    ];
    for (const [index, ask] of asks(foreign).entries()) {
      const answer = await ask();
      const unknown = await asks("acct_missing")[index]?.();
      expect([answer.status, answer.body.detail]).toEqual([401, notTheOwner]);
      expect({ ...answer.body, requestId: "" }).toEqual({ ...unknown?.body, requestId: "" });
    }
    expect((await journey.control("GET", "requests")).body.requests).toHaveLength(before);
    expect(await other.status(foreign)).toBe("ready");
  });
});
