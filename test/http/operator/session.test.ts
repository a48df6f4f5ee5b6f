import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp, routes } from "../../../src/app";
import { sessionMac } from "../../../src/crypto/session-mac";
import { checkedSend, journey } from "../checked";

/** Sessions of the console, as its page asks for them (src/guides/console.md). */

const sessionPath = "/api/v1/admin/session";
const ofPage = { "Sec-Fetch-Site": "same-origin", "Accord-Console": "1" };

async function begin(scope: "read" | "write", token = "admin_sandbox") {
  const answer = await journey.call("POST", sessionPath, { token, body: { scope } });
  return { ...answer, cookie: answer.headers.get("Set-Cookie") ?? "" };
}

/** Asks as the console's page does, with the cookie. */
function ask(cookie: string, method: string, path: string, headers: Record<string, string> = ofPage, body?: unknown) {
  const sent = { ...headers, Cookie: cookie.split(";")[0] ?? "" };
  return journey.call(method, path, { headers: sent, ...(body !== undefined && { body }) });
}

/** Makes the cookie of a session as the server makes it. */
async function cookieOf(name: string, scope: string, expiry: number, token = "admin_sandbox"): Promise<string> {
  const content = `${name}.${scope}.${expiry}`;
  return `accord=${content}.${await sessionMac(token, content)}`;
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe("a session", () => {
  it("begins with the token, which is not in the cookie, and tells who it is", async () => {
    const { status, body, cookie } = await begin("read");
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ operator: "sandbox", scope: "read", writesUntil: null });
    expect(cookie).toMatch(/^accord=sandbox\.read\.\d+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=28800$/);
    expect(cookie).not.toContain("admin_sandbox");
    const shown = await ask(cookie, "GET", sessionPath);
    expect(shown.body).toEqual(body);
    expect((await ask(cookie, "GET", "/api/v1/admin/ledger")).status).toBe(200);
  });

  it("is a secure cookie of this host alone, outside the sandbox", async () => {
    const { SANDBOX: _, ...bindings } = {
      ...env,
      SANDBOX: undefined,
      ADMIN_TOKENS: "anna:secret-of-anna-0123456789-abcdefgh",
    } as object & {
      SANDBOX?: unknown;
    };
    const settings = {
      STRIPE_SECRET_KEY: "sk_test_ours",
      STRIPE_PUBLISHABLE_KEY: "",
      STRIPE_WEBHOOK_SECRETS: "whsec_1",
    };
    const own = {
      MAIL_URL: "",
      MAIL_TOKEN: "",
      WEBHOOK_SEALING_KEYS: "",
      TRANSFERS_TOKEN_KEYS: "",
      TRANSFERS_ENCRYPTION_KEYS: "",
    };
    const request = new Request(`https://pay.example.com${sessionPath}`, {
      method: "POST",
      headers: { Authorization: "Bearer secret-of-anna-0123456789-abcdefgh", "Content-Type": "application/json" },
      body: "{}",
    });
    const response = await createApp().fetch(request, { ...bindings, ...settings, ...own });
    expect(response.status).toBe(200);
    expect(response.headers.get("Set-Cookie")).toMatch(
      /^__Host-accord=anna\.read\.\d+\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=28800$/,
    );
  });

  it("changes nothing with the scope to read, whatever the page shows", async () => {
    const { cookie } = await begin("read");
    const changing = routes.filter(
      ({ contract: { method, scope }, access }) =>
        method !== "get" && scope !== "any" && (access === "operator" || access === "owner"),
    );
    expect(changing.length).toBeGreaterThan(25);
    for (const { contract } of changing) {
      const path = `/api/v1${contract.path.replace(/:\w+/g, crypto.randomUUID())}`;
      const { status, body } = await ask(cookie, contract.method.toUpperCase(), path, ofPage, {});
      expect([contract.operationId, status, body.code]).toEqual([contract.operationId, 403, "scope_missing"]);
    }
  });

  it("changes things once it is unlocked, until it is locked", async () => {
    const { cookie, body } = await begin("write");
    expect(Date.parse(body.data.writesUntil) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    const developer = { name: "Corner Shop", email: `dev-${crypto.randomUUID()}@example.com` };
    const made = await ask(cookie, "POST", "/api/v1/admin/developers", ofPage, developer);
    expect(made.status).toBe(201);

    const locked = await ask(cookie, "POST", sessionPath, ofPage, { scope: "read" });
    expect(locked.body.data).toMatchObject({ scope: "read", endsAt: body.data.endsAt });
    const read = locked.headers.get("Set-Cookie") ?? "";
    const refused = await ask(read, "POST", "/api/v1/admin/developers", ofPage, {
      ...developer,
      email: "x@example.com",
    });
    expect(refused.status).toBe(403);
  });

  it("is not unlocked without the token", async () => {
    const { cookie } = await begin("read");
    expect(await ask(cookie, "POST", sessionPath, ofPage, { scope: "write" })).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
  });

  it("reads on when its time to change things is over, and then ends", async () => {
    const over = await cookieOf("sandbox", "write", inSeconds(-1));
    expect((await ask(over, "GET", sessionPath)).body.data).toMatchObject({ scope: "read", writesUntil: null });
    expect((await ask(over, "POST", "/api/v1/admin/developers", ofPage, {})).status).toBe(403);
    const ended = [inSeconds(-8 * 3_600), inSeconds(-1)];
    expect((await ask(await cookieOf("sandbox", "write", ended[0] as number), "GET", sessionPath)).status).toBe(401);
    expect((await ask(await cookieOf("sandbox", "read", ended[1] as number), "GET", sessionPath)).status).toBe(401);
  });

  it("is taken only from the console's own page", async () => {
    const { cookie } = await begin("write");
    const { "Sec-Fetch-Site": _, ...withoutSite } = ofPage;
    const { "Accord-Console": __, ...withoutHeader } = ofPage;
    for (const headers of [
      withoutSite,
      withoutHeader,
      { ...ofPage, "Sec-Fetch-Site": "same-site" },
      { ...ofPage, "Sec-Fetch-Site": "cross-site" },
      { ...ofPage, "Sec-Fetch-Site": "none" },
    ]) {
      expect((await ask(cookie, "GET", sessionPath, headers)).status).toBe(401);
      expect((await ask(cookie, "POST", "/api/v1/admin/developers", headers, {})).status).toBe(401);
    }
    expect((await ask(cookie, "GET", sessionPath, { ...ofPage, Authorization: "Bearer wrong" })).status).toBe(401);
  });

  it("is taken as it was made only", async () => {
    const { cookie } = await begin("read");
    const value = cookie.split(";")[0] ?? "";
    const altered = [
      value.replace(".read.", ".write."),
      value.replace(/\.(\d+)\./, (_, expiry) => `.${Number(expiry) + 1}.`),
      value.replace("sandbox", "sandbox2"),
      `${value.slice(0, -2)}${value.endsWith("AA") ? "BB" : "AA"}`,
      "accord=",
      "accord=sandbox.read.1.",
      await cookieOf("sandbox", "write", inSeconds(600), "another token"),
    ];
    for (const one of altered) expect((await ask(one, "GET", sessionPath)).status).toBe(401);
  });

  it("ends with its token", async () => {
    const { cookie } = await begin("read");
    const headers = { ...ofPage, Cookie: cookie.split(";")[0] ?? "" };
    const asked = async (tokens: string) =>
      (
        await createApp().fetch(new Request(`http://localhost${sessionPath}`, { headers }), {
          ...env,
          ADMIN_TOKENS: tokens,
        })
      ).status;
    expect(await asked("sandbox:admin_sandbox")).toBe(200);
    expect(await asked("sandbox:another_sandbox")).toBe(401);
    expect(await asked("anna:admin_sandbox")).toBe(401);
    expect(await asked("")).toBe(404);
  });

  it("of a token that may only read does not change things", async () => {
    const bindings = { ...env, ADMIN_TOKENS: "ben/read:read_sandbox" };
    const send = async (scope: string) => {
      const headers = { Authorization: "Bearer read_sandbox", "Content-Type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify({ scope }) };
      return createApp().fetch(new Request(`http://localhost${sessionPath}`, init), bindings);
    };
    const refused = await send("write");
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, "scope_missing"]);
    expect((await send("read")).status).toBe(200);
    const forged = await cookieOf("ben", "write", inSeconds(600), "read_sandbox");
    const request = new Request(`http://localhost${sessionPath}`, { headers: { ...ofPage, Cookie: forged } });
    const shown = await createApp().fetch(request, bindings);
    expect(await shown.json()).toMatchObject({ data: { operator: "ben", scope: "read" } });
  });

  it("opens none of the three contracts", async () => {
    const { cookie } = await begin("write");
    const headers = { ...ofPage, Cookie: cookie.split(";")[0] ?? "" };
    const others = routes.filter(
      ({ dialect, access }) => ["offers", "payments", "transfers"].includes(dialect.name) && access !== "anyone",
    );
    expect(others.length).toBeGreaterThan(50);
    const opened = [];
    for (const { contract, access } of others) {
      const path = `/api/v1${contract.path.replace(/:\w+/g, crypto.randomUUID())}`;
      const { status } = await checkedSend(
        new Request(`http://localhost${path}`, { method: contract.method.toUpperCase(), headers }),
      );
      if (status < 400) opened.push(`${contract.operationId} (${access})`);
    }
    expect(opened).toEqual([]);
  });

  it("ends when it is signed out", async () => {
    const { cookie } = await begin("read");
    const { status, headers } = await ask(cookie, "DELETE", sessionPath);
    expect(status).toBe(204);
    expect(headers.get("Set-Cookie")).toMatch(/^accord=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/);
  });
});
