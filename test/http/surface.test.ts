import { env, exports } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { createApp, routes } from "../../src/app";
import { documents } from "../../src/documents";
import { production } from "../production";
import { callRaw, journey } from "./checked";

const app = createApp();
const ask = (path: string, init: RequestInit = {}, changes: object = {}) =>
  Promise.resolve(app.fetch(new Request(`https://api.example.com${path}`, init), { ...env, ...changes }));

describe("every answer", () => {
  it("carries a request id: the caller's own where it is well-formed", async () => {
    const sent = await ask("/api/v1/status", { headers: { "Request-Id": "checkout-2026.11_20" } });
    expect(sent.headers.get("Request-Id")).toBe("checkout-2026.11_20");
    for (const malformed of ["short", "x".repeat(129), "has space in it", "<script>alert</script>"]) {
      const answer = await ask("/api/v1/status", { headers: { "Request-Id": malformed } });
      expect(answer.headers.get("Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("carries security headers, HSTS on https", async () => {
    const { headers } = await ask("/api/v1/nothing");
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "referrer-policy": "no-referrer",
      "strict-transport-security": expect.stringContaining("max-age="),
      "x-content-type-options": "nosniff",
    });
  });

  it("shows its cost in the sandbox only", async () => {
    expect((await ask("/api/v1/status")).headers.get("Accord-Cost")).toMatch(
      /^d1=1;writes=0;read=\d+;written=0;hops=0;stripe=0;queue=0;hash=0$/,
    );
    const outside = { SANDBOX: "", ADMIN_TOKENS: "" };
    expect((await ask("/api/v1/status", {}, outside)).headers.get("Accord-Cost")).toBeNull();
  });

  it("leaves one line in the log, and one more where security is concerned, without secrets", async () => {
    const lines: string[] = [];
    const info = vi.spyOn(console, "info").mockImplementation((line) => lines.push(line));
    await ask("/api/v1/me?token=secret-query", { headers: { Authorization: "Bearer secret-token" } });
    info.mockRestore();
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ event: "security", kind: "token_refused" });
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({
      level: "info",
      event: "request",
      method: "GET",
      route: "/api/v1/me",
      status: 401,
      requestId: expect.any(String),
      durationMs: expect.any(Number),
      cost: { roundTrips: 0 },
    });
    expect(lines.join()).not.toMatch(/secret-/);
  });
});

describe("browsers of other origins", () => {
  const allowed = { CORS_ORIGINS: "https://app.example.com" };
  const from = (origin: string, headers: object = {}) => ({ headers: { Origin: origin, ...headers } });

  it("may read the offers contract from an allowed origin, and nothing else", async () => {
    const own = await ask("/api/v1/me", from("https://app.example.com"), allowed);
    expect(own.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example.com");
    expect(own.headers.get("Access-Control-Expose-Headers")).toContain("Request-Id");
    expect(own.headers.get("Vary")).toBe("Origin");
    const foreign = await ask("/api/v1/me", from("https://evil.example.com"), allowed);
    expect(foreign.headers.get("Access-Control-Allow-Origin")).toBeNull();
    const operator = await ask("/api/v1/admin/ledger", from("https://app.example.com"), allowed);
    expect(operator.headers.get("Access-Control-Allow-Origin")).toBeNull();
    const off = await ask("/api/v1/me", from("https://app.example.com"));
    expect(off.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("get the allowed methods and headers at the preflight", async () => {
    const preflight = {
      method: "OPTIONS",
      ...from("https://app.example.com", { "Access-Control-Request-Method": "PUT" }),
    };
    const answer = await ask("/api/v1/me", preflight, allowed);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Access-Control-Allow-Methods")).toBe("GET, HEAD, PUT, DELETE");
    expect(answer.headers.get("Access-Control-Allow-Headers")).toContain("Idempotency-Key");
    expect((await ask("/api/v1/me", preflight)).status).toBe(405);
    expect((await ask("/api/v1/admin/ledger", preflight, allowed)).status).toBe(405);
  });
});

describe("the shields", () => {
  const shut = { limit: async () => ({ success: false }) };

  it("answer 429 in the form of the route's contract, and never shut Stripe out", async () => {
    const offers = await ask("/api/v1/me", {}, { SHIELD: shut });
    expect([offers.status, offers.headers.get("Retry-After")]).toEqual([429, "60"]);
    expect(await offers.json()).toMatchObject({ message: "Too Many Attempts.", code: "rate_limited" });
    const operator = await ask("/api/v1/admin/ledger", {}, { SHIELD: shut });
    const type = "https://iana.org/assignments/http-problem-types#quota-exceeded";
    expect(await operator.json()).toMatchObject({ type, status: 429, code: "rate_limited" });
    expect([operator.headers.get("Retry-After"), operator.headers.get("RateLimit")]).toEqual(["60", null]);
    expect((await ask("/api/v1/nothing", {}, { SHIELD: shut })).status).toBe(429);
    expect((await ask("/api/v1/webhooks", { method: "POST", body: "{}" }, { SHIELD: shut })).status).toBe(400);
  });

  it("count guesses at secrets apart", async () => {
    const post = (body: object) => ({
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const login = await ask("/api/v1/auth/login", post({ email: "a@example.com", password: "x" }), { SECRETS: shut });
    expect(login.status).toBe(429);
    const guess = { headers: { Authorization: "Bearer guess" } };
    expect((await ask("/api/v1/me", guess, { SECRETS: shut })).status).toBe(429);
    expect((await ask("/api/v1/admin/ledger", guess, { SECRETS: shut })).status).toBe(429);
    expect((await ask("/api/v1/me", {}, { SECRETS: shut })).status).toBe(401);
    const client = await journey.registerClient();
    const known = { headers: { Authorization: `Bearer ${client.token}` } };
    expect((await ask("/api/v1/me", known, { SECRETS: shut })).status).toBe(200);
  });
});

describe("security.txt", () => {
  const path = "/.well-known/security.txt";
  const contact = { SECURITY_CONTACT: "https://example.org/report" };

  it("names the deployment's contact, in a form that has not expired and does not last for a year", async () => {
    const answer = await ask(path, {}, contact);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/plain; charset=utf-8"]);
    const [, expires = ""] =
      /^Contact: https:\/\/example\.org\/report\nExpires: (\S+Z)\nPreferred-Languages: en\nCanonical: https:\/\/api\.example\.com\/\.well-known\/security\.txt\n$/.exec(
        await answer.text(),
      ) ?? [];
    const days = (Date.parse(expires) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(90);
    expect(days).toBeLessThan(365);
    const head = await ask(path, { method: "HEAD" }, contact);
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("has an example in the sandbox, whose address is not https and so not canonical", async () => {
    const answer = await Promise.resolve(app.fetch(new Request(`http://localhost:8787${path}`), env));
    const text = await answer.text();
    expect([answer.status, text]).toEqual([200, expect.stringMatching(/^Contact: mailto:security@example\.com\n/)]);
    expect(text).not.toContain("Canonical");
  });

  it("is not there without a contact, nor by another method", async () => {
    for (const answer of [
      await ask(path, {}, { SECURITY_CONTACT: "" }),
      await ask(path, { method: "POST" }, contact),
    ]) {
      expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: "path_unknown" })]);
    }
  });
});

describe("Turnstile", () => {
  const configured = { TURNSTILE_SECRET: "turnstile-secret" };
  const login = (body: object) =>
    ask(
      "/api/v1/auth/login",
      {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ email: "a@example.com", password: "x", ...body }),
      },
      configured,
    );

  it("is asked where it is configured", async () => {
    expect(await (await login({})).json()).toMatchObject({
      message: "The turnstile token is required.",
      errors: { turnstileToken: ["The turnstile token is required."] },
    });
    const verify = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ success: false }));
    const rejected = await login({ turnstileToken: "bad" });
    expect(rejected.status).toBe(422);
    expect(await rejected.json()).toMatchObject({ message: "The turnstile token verification failed." });
    verify.mockImplementation(async () => Response.json({ success: true }));
    expect((await login({ turnstileToken: "good" })).status).toBe(401);
    verify.mockImplementation(async () => Promise.reject(new Error("down")));
    expect((await login({ turnstileToken: "good" })).status).toBe(500);
    verify.mockRestore();
  });

  it.each(["/auth/password/email", "/auth/email/verify/resend"])("is asked before a mail is sent: %s", async (path) => {
    const codeOf = async (turnstileToken?: string) => {
      const body = JSON.stringify({ email: "a@example.com", turnstileToken });
      const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
      return (await (await ask(`/api/v1${path}`, init, configured)).json<{ code: string }>()).code;
    };
    expect(await codeOf()).toBe("turnstile_required");
    const verify = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ success: false }));
    expect(await codeOf("bad")).toBe("turnstile_failed");
    verify.mockRestore();
  });
});

describe("Stripe's events", () => {
  it("need Stripe's signature", async () => {
    for (const headers of [{}, { "Stripe-Signature": "t=1,v1=00" }, { "Stripe-Signature": "nonsense" }]) {
      const answer = await callRaw("POST", "/api/v1/webhooks", { body: '{"id":"evt_x"}', headers });
      expect([answer.status, answer.body.code]).toEqual([400, "signature_invalid"]);
    }
  });

  const signedText = (body: object, ageSeconds = 0, secret = "whsec_sandbox_connect") => {
    const text = JSON.stringify(body);
    const at = Math.floor(Date.now() / 1000) - ageSeconds;
    const signature = createHmac("sha256", secret).update(`${at}.${text}`).digest("hex");
    return { body: text, headers: { "Stripe-Signature": `t=${at},v1=${signature}` } };
  };
  const signed = (body: object, ageSeconds = 0, secret = "whsec_sandbox_connect") => {
    return callRaw("POST", "/api/v1/webhooks", signedText(body, ageSeconds, secret));
  };
  const event = (livemode: boolean) => ({
    id: `evt_${crypto.randomUUID()}`,
    object: "event",
    type: "charge.succeeded",
    created: Math.floor(Date.now() / 1000),
    livemode,
    data: { object: { id: "ch_unknown", object: "charge" } },
  });

  it("are stored when any of the secrets fits", async () => {
    for (const secret of ["whsec_sandbox_platform", "whsec_sandbox_connect"]) {
      const answer = await signed(event(false), 0, secret);
      expect([answer.status, answer.body]).toEqual([200, { received: true }]);
    }
    expect((await signed(event(false), 0, "whsec_other")).status).toBe(400);
    expect((await signed(event(false), 3_600)).status).toBe(400);
  });

  it("of live mode are refused where the key is a test key", async () => {
    const answer = await signed(event(true));
    expect([answer.status, answer.body.code]).toEqual([400, "livemode_wrong"]);
  });

  it("of test mode are taken and forgotten where the key is a live key", async () => {
    const keys = { STRIPE_SECRET_KEY: "sk_live_test", STRIPE_PUBLISHABLE_KEY: "pk_live_test" };
    const live = { ...production, ...keys, FRONTEND_URL: "https://shop.example.org" };
    const test = { ...event(false), type: "account.updated" };
    const init = { method: "POST", ...signedText(test, 0, production.STRIPE_WEBHOOK_SECRETS) };
    const answer = await ask("/api/v1/webhooks", init, live);
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    const { results } = await env.DB.prepare("select id from stripe_events where id = ?").bind(test.id).run();
    expect(results).toEqual([]);
  });

  it("that are thin are taken and told to the operator, not called unsigned", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const answer = await signed({ id: "evt_thin", object: "v2.core.event", type: "v2.core.account.updated" });
    expect([answer.status, answer.body]).toEqual([200, { received: true }]);
    expect(warn.mock.calls.flat().join()).toContain("thin_event_ignored");
    warn.mockRestore();
    expect(await env.DB.prepare("select id from stripe_events where id = 'evt_thin'").first()).toBeNull();
  });

  it("that are none are called so where the signature fits", async () => {
    const answer = await signed({ id: "evt_none" });
    expect([answer.status, answer.body.code]).toEqual([400, "event_malformed"]);
  });

  it("may be larger than other bodies, but not without end", async () => {
    const send = (bytes: number) => callRaw("POST", "/api/v1/webhooks", { body: "x".repeat(bytes) });
    expect((await send(500 * 1024)).status).toBe(400);
    expect((await send(513 * 1024)).status).toBe(413);
  });
});

describe("the description", () => {
  it("is OpenAPI 3.1 of every operation, with what each may answer", async () => {
    const { body } = await callRaw("GET", "/api/v1/openapi.json");
    const accept = body.paths["/api/v1/testimonies/offers/accept"].post;
    expect(accept.operationId).toBe("accept-offer");
    expect(Object.keys(accept.responses)).toEqual(expect.arrayContaining(["204", "401", "422", "500"]));
    expect(Object.keys(accept.responses["422"].content)).toEqual(["application/problem+json"]);
    const checkout = body.paths["/api/v1/testimonies/offers/{offerId}/checkout"].post;
    expect(checkout.parameters.map(({ name }: { name: string }) => name)).toEqual(["offerId", "Idempotency-Key"]);
    expect(JSON.stringify(body)).not.toContain('"$ref":"#/components/schemas/undefined"');
  });

  // Those below /docs are read by a page, and served without the Worker, as the sentences of explanations are; the invariants only the Worker reads.
  it.each(Object.keys(documents).filter((path) => !/^\/docs\/|^\/(explanations|invariants)\.json$/.test(path)))(
    "is served as the registry would be described now: %s",
    async (path) => {
      const served = await callRaw("GET", `/api/v1${path.replace(/^(\/webhook-event-types|\/errors)\.json$/, "$1")}`);
      expect(served.text).toBe(JSON.stringify(documents[path]));
      expect(served.headers.get("Content-Type")).toBe("application/json");
    },
  );

  it("leaves no route out", async () => {
    const { body } = await callRaw("GET", "/api/v1/openapi.json");
    const described = Object.values<object>(body.paths).flatMap((path) => Object.values(path));
    // If two contracts share a path, one operation describes both.
    const operationIds = described.flatMap(({ operationId }) => operationId.split("-or-"));
    const served = routes.map(({ contract }) => contract.operationId);
    expect(
      served.filter(
        (id) => !operationIds.includes(id) && !/^view-(\w+-)?(description|collection|environment)$/.test(id),
      ),
    ).toEqual([]);
  });

  it("answers 500 where the assets lack it", async () => {
    const empty = { fetch: async () => new Response(null, { status: 404 }) };
    const answer = await ask("/api/v1/openapi.json", {}, { ASSETS: empty });
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([500, "failed"]);
  });

  it("describes the offers contract by itself", async () => {
    const { body } = await callRaw("GET", "/api/v1/openapi/offers.json");
    expect(Object.keys(body.paths)).not.toContain("/api/v1/admin/ledger");
  });
});

it.each(["/api/v1/auth/login", "/api/v1/applications", "/api/v1/webhooks"])(
  "says of a compressed body that it is compressed: %s",
  async (path) => {
    const answer = await callRaw("POST", path, { body: "{}", headers: { "Content-Encoding": "gzip" } });
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([415, expect.stringContaining("Content-Encoding")]);
  },
);

it("answers HEAD as GET, without a body", async () => {
  const response = await exports.default.fetch(new Request("http://localhost/api/v1/status", { method: "HEAD" }));
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

it("says which part is down", async () => {
  const broken = { prepare: () => ({ bind: () => ({}) }), batch: async () => Promise.reject(new Error("D1 is down")) };
  const answer = await ask("/api/v1/status", {}, { DB: broken });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ detail: "The database does not answer.", code: "database_unavailable" });
  const read = await ask("/api/v1/me", { headers: { Authorization: `Bearer acc_${"a".repeat(43)}` } }, { DB: broken });
  expect(await read.json()).toMatchObject({ message: "An unexpected error occurred.", code: "failed" });
});
