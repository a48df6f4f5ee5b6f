import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp, routes } from "../../src/app";
import { hideNetwork, networkOf } from "../../src/http/network-of";
import { rows } from "../operations/rows";
import { Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";
import { journey } from "./checked";

interface Line {
  event: string;
  requestId: string;
  network: string;
  outcome: string;
  route?: string;
  kind?: string;
  about?: string;
  caller?: { kind: string; id: string };
}

let lines: Line[] = [];
const operator = { token: "admin_sandbox" };
const password = "correct-horse-9";

beforeEach(async () => {
  await journey.reset();
  lines = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

/** Returns the last line about a request to this route. */
const lineOf = (path: string) =>
  lines.findLast(({ event, route }) => event === "request" && route === `/api/v1${path}`);

/** Forgets all lines, acts, and returns the events about security since. */
async function heard(act: () => Promise<unknown>) {
  lines = [];
  await act();
  return lines.filter(({ event }) => event === "security");
}

/** Opens a shop. Returns its developer's id and headers. */
async function openShop() {
  const { token } = await Shop.open(journey);
  const [row] = await rows<{ id: string }>("select id from developers order by id desc limit 1");
  return { developer: { "X-Developer-Token": token }, developerId: row?.id ?? "" };
}

async function userId(email: string): Promise<string> {
  return (await journey.must(200, "GET", `/admin/users?email=${email}`, operator)).body.data[0].id;
}

describe("the line of a request", () => {
  it("says who asked, of which kind, and how it ended", async () => {
    const client = await journey.registerClient();
    const expert = await journey.registerExpert();
    await journey.must(200, "GET", "/me", { token: client.token });
    expect(lineOf("/me")).toMatchObject({ caller: { kind: "client", id: await userId(client.email) }, outcome: "ok" });
    await journey.must(200, "GET", "/me", { token: expert.token });
    expect(lineOf("/me")).toMatchObject({ caller: { kind: "expert", id: await userId(expert.email) }, outcome: "ok" });
    await journey.must(403, "GET", "/testimonies/offerable", { token: client.token });
    expect(lineOf("/testimonies/offerable")).toMatchObject({ caller: { kind: "client" }, outcome: "role_wrong" });

    await journey.must(200, "GET", "/admin/ledger/check", operator);
    expect(lineOf("/admin/ledger/check")).toMatchObject({ caller: { kind: "operator", id: "sandbox" }, outcome: "ok" });

    const shop = await openShop();
    await journey.must(200, "GET", "/apps", { headers: shop.developer });
    expect(lineOf("/apps")).toMatchObject({ caller: { kind: "developer", id: shop.developerId }, outcome: "ok" });
    await journey.must(200, "GET", "/webhook-endpoints", { headers: shop.developer });
    expect(lineOf("/webhook-endpoints")).toMatchObject({ caller: { kind: "developer", id: shop.developerId } });

    const tenant = await new TransfersJourney(journey).tenant();
    await journey.must(404, "GET", "/wallet?currency=USD", { token: tenant.token });
    expect(lineOf("/wallet")).toMatchObject({
      caller: { kind: "application", id: tenant.id },
      outcome: "WALLET_NOT_FOUND",
    });

    await journey.must(401, "GET", "/me");
    expect(lineOf("/me")).not.toHaveProperty("caller");
    expect(lineOf("/me")).toMatchObject({ outcome: "unauthenticated" });
  });

  it("names the network so that nobody can find the address by trying all", async () => {
    const app = createApp();
    const from = async (address: string) => {
      const headers = { "CF-Connecting-IP": address };
      await app.fetch(new Request("http://localhost/api/v1/", { headers }), env);
      return lineOf("/")?.network;
    };
    const one = await from("203.0.113.7");
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(await from("203.0.113.7")).toBe(one);
    expect(await from("203.0.113.8")).not.toBe(one);
    expect(await from("2001:db8::1")).toBe(await from("2001:db8::2"));
    expect(JSON.stringify(lines)).not.toMatch(/203\.0\.113|2001:db8/);

    const december = Date.UTC(2026, 11, 31, 23, 59);
    const name = (secret: string, atMs: number) => hideNetwork(networkOf("203.0.113.7"), secret, atMs);
    expect(name("sk_live_1", december)).not.toBe(name("sk_live_2", december));
    expect(name("sk_live_1", december)).not.toBe(name("sk_live_1", december + 60_000));
    expect(name("sk_live_1", december)).toBe(name("sk_live_1", december - 60_000));
  });

  it("has an id of ours that its caller cannot choose, beside the caller's", async () => {
    const { token } = await journey.registerClient();
    const forged = "01a230f2-8fdd-7343-93f8-b428e4e6a164";
    const asked = await journey.call("POST", "/api/v1/auth/logout", { token, headers: { "Request-Id": forged } });
    const own = asked.headers.get("Accord-Request-Id");
    expect(asked.headers.get("Request-Id")).toBe(forged);
    expect(own).not.toBe(forged);
    expect(lineOf("/auth/logout")?.requestId).toBe(`${own}/${forged}`);
    expect(await rows("select request_id from journal where name = 'log-out'")).toEqual([
      { request_id: `${own}/${forged}` },
    ]);
    const plain = await journey.call("GET", "/api/v1/me");
    expect(plain.headers.get("Request-Id")).toBe(plain.headers.get("Accord-Request-Id"));
    expect(lineOf("/me")?.requestId).toBe(plain.headers.get("Accord-Request-Id"));
  });
});

describe("an event about security", () => {
  it("is left by everything about a user's access, with whom it is about", async () => {
    const client = await journey.registerClient();
    const id = await userId(client.email);
    const login = (sent: object) =>
      journey.call("POST", "/api/v1/auth/login", { body: { email: client.email, ...sent } });

    expect(await heard(() => login({ password }))).toMatchObject([{ kind: "login", outcome: "ok", about: id }]);
    const failed = await heard(() => login({ password: "another-horse-9" }));
    expect(failed).toMatchObject([{ kind: "login", outcome: "credentials_wrong", about: id }]);
    expect(failed[0]?.network).toMatch(/^[0-9a-f]{16}$/);
    const stranger = await heard(() => login({ email: "nobody@example.org", password }));
    expect(stranger).toMatchObject([{ kind: "login", outcome: "credentials_wrong" }]);
    expect(stranger[0]).not.toHaveProperty("about");
    expect(JSON.stringify(lines)).not.toContain("nobody@");

    const { token } = (await login({ password })).body.data;
    const other = (await login({ password })).body.data.token;
    const sessions = (await journey.must(200, "GET", "/me/sessions", { token })).body.data;
    const mine = { kind: "client", id };
    const changed = { password: "correct-horse-8", passwordConfirmation: "correct-horse-8" };
    expect(await heard(() => journey.must(200, "PUT", "/me", { token: other, body: changed }))).toMatchObject([
      { kind: "credentials_changed", outcome: "ok", caller: mine },
    ]);
    expect(await heard(() => journey.must(200, "PUT", "/me", { token: other, body: { firstName: "Eva" } }))).toEqual(
      [],
    );
    const gone = `/me/sessions/${sessions[1].id}`;
    expect(await heard(() => journey.must(404, "DELETE", gone, { token: other }))).toMatchObject([
      { kind: "session_ended", outcome: "user_session_unknown", caller: mine },
    ]);
    expect(await heard(() => journey.must(204, "POST", "/auth/logout", { token: other }))).toMatchObject([
      { kind: "session_ended", outcome: "ok", caller: mine },
    ]);
    expect(await heard(() => journey.must(401, "GET", "/me", { token: other }))).toMatchObject([
      { kind: "token_refused", outcome: "unauthenticated" },
    ]);
    expect(await heard(() => journey.must(401, "GET", "/me"))).toEqual([]); // nothing was presented

    const note = { note: "As asked." };
    for (const [verb, kind] of [
      ["suspend", "user_suspended"],
      ["restore", "user_restored"],
      ["end-sessions", "session_ended"],
    ]) {
      const path = `/admin/users/${id}/${verb}`;
      expect(await heard(() => journey.must(204, "POST", path, { ...operator, body: note }))).toMatchObject([
        { kind, outcome: "ok", caller: { kind: "operator", id: "sandbox" }, about: id },
      ]);
    }
    const journalled = await rows<{ name: string }>(
      `select name from journal where aggregate_id = '${id}' order by version`,
    );
    expect(journalled.map(({ name }) => name)).toEqual([
      "register-client",
      "log-in",
      "log-in",
      "log-in",
      "update-profile",
      "update-profile",
      "log-out",
      "suspend-user",
      "restore-user",
      "end-user-sessions",
    ]);
  });

  it("is left by each view of personal data by an operator, and by a view of one person in the journal, too", async () => {
    const { email } = await journey.registerClient();
    const id = await userId(email);
    const { developerId } = await openShop();
    const seen = { kind: "personal_data_viewed", outcome: "ok", caller: { kind: "operator", id: "sandbox" } };
    for (const [path, about] of [
      ["/admin/users", undefined],
      [`/admin/users/${id}`, id],
      ["/admin/developers", undefined],
      [`/admin/developers/${developerId}`, developerId],
      [`/admin/timeline?id=${id}`, id],
    ] as const) {
      const [event, ...others] = await heard(() => journey.must(200, "GET", path, operator));
      expect([event, others], path).toMatchObject([{ ...seen, ...(about && { about }) }, []]);
    }
    for (const [name, aggregate] of [
      ["view-user", id],
      ["view-developer", developerId],
    ]) {
      const recorded = await rows(
        `select actor, data from journal where aggregate_id = '${aggregate}' and name = '${name}'`,
      );
      expect(recorded).toEqual([{ actor: "operator", data: '{"operator":"sandbox"}' }]);
    }
  });

  it("is left by tokens and secrets, issued, ended and refused", async () => {
    const { developer, developerId } = await openShop();
    const by = { kind: "developer", id: developerId };
    const made = await heard(() => journey.must(201, "POST", "/developer-tokens", { headers: developer, body: {} }));
    expect(made).toMatchObject([{ kind: "token_issued", outcome: "ok", caller: by }]);
    const rotated = () =>
      journey.must(201, "POST", `/admin/developers/${developerId}/tokens`, { ...operator, body: {} });
    expect(await heard(rotated)).toMatchObject([{ kind: "token_issued", about: developerId }]);
    const wrong = { "X-Developer-Token": `${developer["X-Developer-Token"]}x` };
    expect(await heard(() => journey.must(401, "GET", "/apps", { headers: wrong }))).toMatchObject([
      { kind: "token_refused", outcome: "unauthenticated" },
    ]);
    expect(await heard(() => journey.must(401, "GET", "/admin/users", { token: "admin_guess" }))).toMatchObject([
      { kind: "operator_token_refused", outcome: "unauthenticated" },
    ]);

    const transfers = new TransfersJourney(journey);
    const tenant = await transfers.tenant();
    const { id } = tenant;
    expect(await heard(() => transfers.token(tenant))).toMatchObject([
      { kind: "token_issued", outcome: "ok", about: id },
    ]);
    const guess = { client_id: id, client_secret: "app_guess" };
    expect(await heard(() => journey.must(401, "POST", "/auth/token", { body: guess }))).toMatchObject([
      { kind: "token_issued", outcome: "INVALID_CREDENTIALS", about: id },
    ]);
    const application = { kind: "application", id };
    const rotate = () => journey.must(200, "POST", "/applications/webhook-secret/rotate", { token: tenant.token });
    expect(await heard(rotate)).toMatchObject([{ kind: "secret_rotated", outcome: "ok", caller: application }]);
    expect(await heard(() => transfers.admit(tenant, { active: false }))).toMatchObject([
      { kind: "application_admitted", outcome: "ok", about: id },
    ]);
    expect(await heard(() => journey.must(403, "GET", "/wallet", { token: tenant.token }))).toMatchObject([
      { kind: "token_refused", outcome: "APPLICATION_INACTIVE" },
    ]);
  });

  it("does not fill the database where somebody guesses", async () => {
    const { email } = await journey.registerClient();
    const count = async () => (await rows<{ n: number }>("select count(*) as n from journal"))[0]?.n;
    const before = await count();
    for (let turn = 0; turn < 3; turn += 1) {
      await journey.must(401, "POST", "/auth/login", { body: { email, password: "another-horse-9" } });
      await journey.must(401, "GET", "/me", { token: `guess-${turn}` });
    }
    expect(await count()).toBe(before);
  });

  it("is named by every route that is about access", () => {
    const named =
      /\b(log-in|log-out|register-(client|expert|application)|token|secret|session|key|suspend|restore-user|view-(user|developer)|list-(users|developers)|timeline)s?\b/;
    const readers = [
      "list-sessions",
      "list-tokens",
      "view-encryption-key",
      "view-checkout-session",
      "view-operator-session",
      "view-transfer-timeline",
    ];
    const silent = routes
      .map(({ contract }) => contract as typeof contract & { securityEvent?: string })
      .filter(({ operationId, securityEvent }) => named.test(operationId) && securityEvent === undefined)
      .map(({ operationId }) => operationId);
    expect(silent.toSorted()).toEqual(readers.toSorted());
  });
});
