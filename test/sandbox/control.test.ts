import { env, exports } from "cloudflare:workers";
import Stripe from "stripe";
import { afterEach, expect, it } from "vitest";
import { advance, connect, control, paid, sessionOf, submit, visit } from "./sandbox";

const stripe = connect();

afterEach(() => control("POST", "reset"));

it("moves one clock for everybody", async () => {
  const before = (await sessionOf(stripe)).created;
  await advance(3600);
  expect(await env.STRIPE.clockOffsetMs()).toBe(3_600_000);
  expect((await sessionOf(stripe)).created - before).toBeGreaterThanOrEqual(3600);
  expect(await control("GET", "clock")).toMatchObject({ offsetSeconds: 3600 });
  expect((await control("POST", "clock", { advanceSeconds: "soon" })).status).toBe(400);
});

it("starts again from nothing, and empties the application's database", async () => {
  await paid(stripe);
  await advance(60);
  await env.DB.batch([
    env.DB.prepare("CREATE TABLE IF NOT EXISTS parents (id TEXT PRIMARY KEY)"),
    env.DB.prepare("CREATE TABLE IF NOT EXISTS children (id TEXT PRIMARY KEY, parent TEXT REFERENCES parents(id))"),
    env.DB.prepare("CREATE TRIGGER children_stay BEFORE DELETE ON children BEGIN SELECT raise(abort, 'kept'); END"),
    env.DB.prepare("INSERT INTO parents VALUES ('p')"),
    env.DB.prepare("INSERT INTO children VALUES ('c', 'p')"),
  ]);
  const triggers = () =>
    env.DB.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name").all();
  const before = (await triggers()).results;
  expect(await control("POST", "reset")).toMatchObject({ reset: true });
  expect((await triggers()).results).toEqual(before);
  const { results } = await env.DB.prepare(
    "SELECT (SELECT count(*) FROM parents) + (SELECT count(*) FROM children) AS n",
  ).all();
  expect(results).toEqual([{ n: 0 }]);
  await env.DB.prepare("INSERT INTO children VALUES ('c', NULL)").run();
  await expect(env.DB.prepare("DELETE FROM children").run()).rejects.toThrow("kept");
  await env.DB.prepare("DROP TABLE children").run();
  await env.DB.prepare("DROP TABLE parents").run();
  expect((await stripe.events.list()).data).toEqual([]);
  expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 0, currency: "eur" }]);
  expect(await env.STRIPE.clockOffsetMs()).toBe(0);
});

it("takes as long for its answers as it is told to", async () => {
  const answered = async () => {
    const startedMs = Date.now();
    await stripe.balance.retrieve();
    return Date.now() - startedMs;
  };
  expect(await control("POST", "latency", { milliseconds: 150 })).toMatchObject({ milliseconds: 150 });
  expect(await answered()).toBeGreaterThanOrEqual(145);
  expect((await control("POST", "latency", { milliseconds: -1 })).status).toBe(400);
});

it("lets an SDK or curl look at everything on the public origin", async () => {
  const session = await sessionOf(stripe);
  const client = new Stripe("sk_test_anything", {
    host: "localhost",
    protocol: "http",
    httpClient: Stripe.createFetchHttpClient((url, init) => {
      const address = new URL(String(url));
      return visit(`/sandbox/stripe${address.pathname}${address.search}`, init as RequestInit);
    }),
  });
  expect((await client.checkout.sessions.retrieve(session.id)).id).toBe(session.id);
  const basic = await visit("/sandbox/stripe/v1/checkout/sessions", {
    headers: { Authorization: `Basic ${btoa("sk_test_x:")}` },
  });
  expect(await basic.json()).toMatchObject({ object: "list", data: [{ id: session.id }] });
  expect((await visit("/sandbox/stripe/v1/balance")).status).toBe(401);
  const { requests } = await control("GET", "requests");
  expect(requests.map((entry: { source: string }) => entry.source)).toEqual([
    "application",
    "public",
    "public",
    "public",
  ]);
});

it("serves loopback hosts only", async () => {
  for (const host of ["example.com", "localhost.example.com", "10.0.0.1"]) {
    expect((await exports.default.fetch(new Request(`http://${host}/sandbox/control/clock`))).status).toBe(403);
  }
  for (const host of ["127.0.0.1:8787", "[::1]:8787"]) {
    expect((await exports.default.fetch(new Request(`http://${host}/sandbox/control/clock`))).status).toBe(200);
  }
});

it("is not controlled by pages on the internet", async () => {
  const reset = (origin: string) => visit("/sandbox/control/reset", { method: "POST", headers: { Origin: origin } });
  expect((await reset("https://shop.example")).status).toBe(403);
  expect((await reset("null")).status).toBe(403);
  expect((await reset("http://localhost:8787")).status).toBe(200);
});

it("leads a person with a browser to the Welcome, and tells a program what is here", async () => {
  const person = await visit("/", { headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
  expect([person.status, person.headers.get("Location")]).toEqual([302, "http://localhost/console/welcome"]);
  for (const headers of [{ Accept: "application/json" }, { Accept: "*/*" }, {}]) {
    const program = await visit("/", { headers });
    expect(program.status).toBe(200);
    expect(program.headers.get("Content-Type")).toMatch(/^application\/json/);
    expect(await program.json()).toMatchObject({ api: "http://localhost/api/v1/openapi.json" });
  }
});

it("tells in one answer how it stands: the clock, what is broken, and what arrived last, checked", async () => {
  await control("POST", "clock", { advanceSeconds: 86_400 });
  await control("POST", "faults", { match: "POST /v1/transfers", kind: "timeout_after" });
  await control("POST", "events", { mode: "shuffle" });
  for (const body of [`{"type":"<b>first"}`, "no JSON", "null"]) {
    await visit("/sandbox/inbox/main", { method: "POST", body });
  }
  expect(await control("GET", "state")).toMatchObject({
    clock: { offsetSeconds: 86_400 },
    faults: [{ match: "POST /v1/transfers", kind: "timeout_after", times: 1, fired: 0 }],
    outage: null,
    events: { mode: "shuffle" },
    arrivals: [
      { box: "main", title: "" },
      { box: "main", title: "" },
      { box: "main", title: "<b>first", verdict: "unsigned" },
    ],
  });
});

it("shows a page of all controls, return pages, and messages for what is gone", async () => {
  const { session } = await paid(stripe);
  expect(await (await visit("/sandbox")).text()).toContain(session.id);
  expect((await visit(`/sandbox/payment/success?sessionId=${session.id}`)).status).toBe(200);
  expect((await visit("/sandbox/payment/cancel")).status).toBe(200);
  expect((await visit("/sandbox/checkout/cs_test_none")).status).toBe(404);
  expect((await submit({ id: "cs_test_none" }, { cardNumber: "4242" })).status).toBe(404);
  expect((await visit("/sandbox/onboarding/al_none")).status).toBe(404);
  expect((await visit("/sandbox/control/nonsense")).status).toBe(404);
});
