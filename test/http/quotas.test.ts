import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp, routes } from "../../src/app";
import { bytesOfRow } from "../../src/domain/quota";
import { rowsOf } from "../../src/http/prices";
import { costOf } from "../cost";
import { type Answer, Journey, newClient, type Person } from "../journey";
import { rows } from "../operations/rows";
import { identity, Shop } from "../shop";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { journey as plenty } from "./checked";
import { walk } from "./transfers/world";

/*
 * What an owner stores in a day. The limits are those of the request's own environment, so `plenty` and a journey with
 * limits ask the same Worker about the same days.
 */

const app = createApp();

/** Makes a journey whose requests have other settings or bindings. */
function withSettings(changes: object): Journey {
  const bindings = { ...env, ...changes };
  return new Journey(async (request) => (await app.fetch(request, bindings)) as Response);
}

const ofTestimony = rowsOf("create-testimony") ?? 0;
const twoTestimonies = withSettings({ USER_ROWS_PER_DAY: String(2 * ofTestimony + 1), USER_BYTES_PER_DAY: "0" });

const body = {
  purpose: "mortgage",
  realEstate: {
    type: "garage",
    address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
    region: "ba",
  },
};

function testimony(by: Journey, { token }: { token: string }, changes: object = {}): Promise<Answer> {
  return by.call("POST", "/api/v1/testimonies", { token, body: { ...body, ...changes } });
}

/** Returns what is left of a unit, as the structured fields say, and the quota. */
function stateOf({ headers }: Answer, unit: "rows" | "bytes") {
  const [, left, reset] = new RegExp(`"${unit}";r=(\\d+);t=(\\d+)`).exec(headers.get("RateLimit") ?? "") ?? [];
  const [, most, window] = new RegExp(`"${unit}";q=(\\d+);w=(\\d+)`).exec(headers.get("RateLimit-Policy") ?? "") ?? [];
  return { most: Number(most), window: Number(window), left: Number(left), reset: Number(reset) };
}

const full = { status: 429, body: { message: "Your quota is used up.", code: "quota_exceeded" } };
const aDay = 86_400;

/** Counts what there is of a client. */
async function testimoniesOf({ email }: Person): Promise<number> {
  const query = "select count(*) as n from testimonies join user_emails on user_id = client_id where email = ?";
  const [found] = await rows<{ n: number }>(query, email);
  return found?.n ?? 0;
}

describe("a user's day", () => {
  it("has room for so many rows, says what is left, and begins anew at midnight", async () => {
    const [anna, boris] = [await plenty.registerClient(), await plenty.registerClient()];
    const first = await testimony(twoTestimonies, anna);
    expect(first.status).toBe(201);
    const most = 2 * ofTestimony + 1;
    expect(stateOf(first, "rows")).toMatchObject({ most, window: aDay, left: ofTestimony + 1 });
    expect(first.headers.get("RateLimit")).not.toContain("bytes");
    expect((await testimony(twoTestimonies, anna)).status).toBe(201);

    const refused = await testimony(twoTestimonies, anna);
    expect(refused).toMatchObject(full);
    expect(stateOf(refused, "rows")).toMatchObject({ left: 1 });
    const reset = Number(refused.headers.get("Retry-After"));
    expect(reset).toBe(stateOf(refused, "rows").reset);
    expect(reset).toBeLessThanOrEqual(aDay);
    expect(await testimoniesOf(anna)).toBe(2);

    // Others have days of their own, and reads cost nothing.
    expect((await testimony(twoTestimonies, boris)).status).toBe(201);
    const read = await twoTestimonies.call("GET", "/api/v1/testimonies", { token: anna.token });
    expect([read.status, read.headers.get("RateLimit")]).toEqual([200, null]);

    await plenty.advance(Math.max(0, reset - 5));
    expect((await testimony(twoTestimonies, anna)).status).toBe(429);
    await plenty.advance(5);
    expect(stateOf(await testimony(twoTestimonies, anna), "rows")).toMatchObject({ left: ofTestimony + 1 });
  });

  it("counts exactly when all come at once, and all sessions of a user together", async () => {
    const { email, password } = newClient();
    const registered = { ...newClient(), email, password, passwordConfirmation: password };
    const made = await plenty.must(201, "POST", "/auth/register/client", { body: registered });
    const login = await plenty.must(200, "POST", "/auth/login", { body: { email, password } });
    const tokens = [made.body.data.token, login.body.data.token];
    const some = withSettings({ USER_ROWS_PER_DAY: String(4 + 5 * ofTestimony) }); // the login counts, too
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, turn) => testimony(some, { token: tokens[turn % 2] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(201), ...Array(7).fill(429)]);
    expect(await testimoniesOf({ email, token: "" })).toBe(5);
  });

  it("is asked less often by a crowd, has room for exactly as many", async () => {
    const client = await plenty.registerClient();
    const some = withSettings({ USER_ROWS_PER_DAY: String(4 + 40 * ofTestimony) });
    const crowd = () => Promise.all(Array.from({ length: 12 }, () => testimony(some, client)));
    await crowd();
    const second = await crowd();
    expect(second.map(({ status }) => status)).toEqual(Array(12).fill(201));
    expect(second.reduce((sum, { headers }) => sum + costOf({ headers }).hops, 0)).toBeLessThan(9);
    const later = [...(await crowd()), ...(await crowd())];
    expect(later.filter(({ status }) => status === 201)).toHaveLength(16);
    expect(await testimoniesOf(client)).toBe(40);
  });

  it("counts bytes: the body's, and so many for each row", async () => {
    const client = await plenty.registerClient();
    const notes = "ž".repeat(10_000);
    const sent = new TextEncoder().encode(JSON.stringify({ ...body, notes })).length;
    expect(sent).toBeGreaterThan(20_000);
    const price = sent + ofTestimony * bytesOfRow;
    const one = withSettings({ USER_ROWS_PER_DAY: "0", USER_BYTES_PER_DAY: String(2 * price - 1) });
    const first = await testimony(one, client, { notes });
    expect([first.status, stateOf(first, "bytes").left]).toEqual([201, price - 1]);
    expect(await testimony(one, client, { notes })).toMatchObject(full);
    expect((await testimony(one, client)).status).toBe(201); // a small one still fits
  });

  it("has a reserve, as large again, for what finishes something, and refuses nothing that ends a login", async () => {
    const client = await plenty.registerClient();
    const ids: string[] = []; // one after the other, because a crowd would be counted ahead
    for (let made = 0; made < 4; made += 1) ids.push(await plenty.createTestimony(client));
    const price = rowsOf("cancel-testimony") ?? 0;
    const spent = 4 * ofTestimony;
    const little = withSettings({ USER_ROWS_PER_DAY: String(spent) });
    expect(await testimony(little, client)).toMatchObject(full);
    const cancel = (id = "") =>
      little.call("POST", `/api/v1/testimonies/${id}/cancel`, {
        token: client.token,
        body: { cancellationReason: "late" },
      });
    const allowed = Math.floor(spent / price);
    const statuses: number[] = [];
    for (const id of [...ids, ...ids].slice(0, allowed + 1)) statuses.push((await cancel(id)).status);
    expect(statuses.slice(0, 4)).toEqual([204, 204, 204, 204]);
    expect(statuses.at(-1)).toBe(429);
    expect((await little.call("POST", "/api/v1/auth/logout", { token: client.token, body: {} })).status).toBe(204);
  });

  it("counts logins that succeed", async () => {
    const { password, ...rest } = newClient();
    await plenty.must(201, "POST", "/auth/register/client", { body: { password, ...rest } });
    const few = withSettings({ USER_ROWS_PER_DAY: "4" });
    const logIn = async (sent: string) =>
      (await few.call("POST", "/api/v1/auth/login", { body: { email: rest.email, password: sent } })).status;
    expect([await logIn(password), await logIn(password), await logIn(password)]).toEqual([200, 200, 429]);
    expect(await logIn("wrong-horse-9")).toBe(401);
  });

  it("tells its state to nobody whose credential has ended", async () => {
    const client = await plenty.registerClient();
    expect((await testimony(plenty, client)).headers.get("RateLimit")).toContain("rows");
    await plenty.must(204, "POST", "/auth/logout", { token: client.token });
    const unknown = await testimony(plenty, client);
    expect([unknown.status, unknown.headers.get("RateLimit")]).toEqual([401, null]);
  });
});

describe("where the count does not answer, the request goes on, and the log says so:", () => {
  const limiter = (spend: () => Promise<unknown>) => ({ LIMITER: { idFromName: () => "id", get: () => ({ spend }) } });
  const broken = {
    "it fails": limiter(async () => Promise.reject(new Error("out of order"))),
    "it hangs": limiter(() => new Promise(() => undefined)),
    "it cannot be reached": {
      LIMITER: {
        idFromName: () => {
          throw new Error("Network connection lost.");
        },
      },
    },
  };

  it.each(Object.entries(broken))("%s", async (_, bindings) => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const client = await plenty.registerClient();
    const answer = await testimony(withSettings(bindings), client);
    expect([answer.status, answer.headers.get("RateLimit")]).toEqual([201, null]);
    expect(warned.mock.calls.map(([line]) => JSON.parse(line).event)).toContain("quota_not_counted");
    warned.mockRestore();
  });
});

describe("an application's and a developer's day", () => {
  it("belongs to the application, in its own words", async () => {
    const [sender, other] = [await walk.tenant(), await walk.tenant()];
    const some = withSettings({ APPLICATION_ROWS_PER_DAY: "30" });
    const narrow = new TransfersJourney(some);
    const answers: Answer[] = [];
    for (let turn = 0; turn < 3; turn += 1) answers.push(await narrow.initiate(sender, other));
    // A subject, a tag, and then a transfer that fits, and two that do not.
    expect(answers.map(({ status }) => status)).toEqual([201, 429, 429]);
    expect(answers[1]?.body).toMatchObject({
      success: false,
      message: "The application's quota is used up",
      errorCode: "QUOTA_EXCEEDED",
    });
    expect(answers[1]?.headers.get("RateLimit")).toMatch(/^"initiate";r=59;t=\d+, "rows";r=6;t=\d+, "bytes";r=\d+/);
    expect((await narrow.initiate(other, sender)).status).toBe(201);
  });

  it("belongs to the developer, with all apps and webhook endpoints, in words of either", async () => {
    const shop = await Shop.open(plenty);
    const some = withSettings({ DEVELOPER_ROWS_PER_DAY: "1" });
    const headers = { "X-Developer-Token": shop.token };
    const app = await some.call("POST", "/api/v1/apps", { headers, body: { name: "Second" } });
    expect(app).toMatchObject({
      status: 429,
      body: { error: "Too Many Requests", details: { message: "The developer's quota is used up." } },
    });
    const url = "http://localhost:8787/sandbox/inbox/quota";
    const endpoint = await some.call("POST", "/api/v1/webhook-endpoints", { headers, body: { url, events: ["*"] } });
    expect(endpoint).toMatchObject({ status: 429, body: { code: "quota_exceeded" } });
    expect(endpoint.body.type).toBe("https://iana.org/assignments/http-problem-types#quota-exceeded");
    // An operator is counted nowhere.
    const operator = { token: "admin_sandbox", body: { url, events: ["*"] } };
    const made = await some.call("POST", "/api/v1/webhook-endpoints", operator);
    expect([made.status, made.headers.get("RateLimit")]).toEqual([201, null]);
  });
});

describe("every change of an owner's", () => {
  const nothing = withSettings({ USER_ROWS_PER_DAY: "1", DEVELOPER_ROWS_PER_DAY: "1", APPLICATION_ROWS_PER_DAY: "1" });
  const counted = routes.filter(({ contract }) => rowsOf(contract.operationId) !== undefined);
  let people: { client: Person; expert: Person; registered: { email: string; password: string } };
  let tenant: Tenant;
  let shopper: Record<string, string>;

  beforeAll(async () => {
    const registered = newClient();
    await plenty.must(201, "POST", "/auth/register/client", { body: registered });
    people = { client: await plenty.registerClient(), expert: await plenty.registerExpert(), registered };
    tenant = await walk.tenant();
    shopper = identity(await (await Shop.open(plenty)).shopper());
  });

  it.each(counted.map((route) => [route.contract.operationId, route] as const))(
    "is refused: %s",
    async (_, { contract, access, dialect }) => {
      const path = `/api/v1${contract.path.replace(/:\w+/g, crypto.randomUUID())}`;
      const { email, password } = people.registered;
      const isLogin = contract.operationId === "log-in";
      const token = {
        offers: access === "expert" ? people.expert.token : people.client.token,
        transfers: tenant.token,
        webhooks: tenant.token,
      }[dialect.name];
      const answer = await nothing.call(contract.method.toUpperCase(), path, {
        ...(token === undefined || isLogin ? { headers: isLogin ? {} : shopper } : { token }),
        ...(contract.body === undefined ? {} : { body: isLogin ? { email, password } : {} }),
      });
      const { status, code = "quota_exceeded" } = dialect.refusals.quota_exceeded;
      expect([answer.status, answer.body.code ?? answer.body.errorCode]).toEqual([status, code]);
      expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    },
  );
});
