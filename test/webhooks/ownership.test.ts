import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { makeToken } from "../../src/crypto/tokens";
import { webhookRoutes } from "../../src/http/webhooks";
import { callRaw, journey } from "../http/checked";
import { rows } from "../operations/rows";
import { Seller } from "../seller";
import {
  arrivals,
  arrived,
  boxUrl,
  changeEndpoint,
  deliveriesOf,
  type Endpoint,
  makeEndpoint,
  sendTest,
  tellSomething,
  token,
} from "./owner";

beforeEach(() => journey.reset());

const ownedRoutes = webhookRoutes.filter(({ access }) => access === "owner");
const named = ownedRoutes.filter(({ contract }) => contract.path.includes(":id"));

/** Makes an endpoint of another owner, with a delivery and a history. */
async function foreignEndpoint() {
  const endpoint = await makeEndpoint("foreign");
  const delivery = await sendTest(endpoint);
  await env.DB.batch([
    env.DB.prepare("update webhook_endpoints set owner = 'developer:other' where id = ?").bind(endpoint.id),
    env.DB.prepare("update webhook_deliveries set state = 'failed' where endpoint_id = ?").bind(endpoint.id),
  ]);
  return { endpoint, delivery };
}

function everything(): Promise<unknown[]> {
  return Promise.all(
    ["webhook_endpoints", "webhook_deliveries", "webhook_attempts", "outbox", "journal"].map((table) =>
      rows(`select * from ${table} order by 1, 2`),
    ),
  );
}

describe("another owner's endpoints and deliveries", () => {
  it("do not exist, on any route, and nothing happens to them", async () => {
    const own = await makeEndpoint("own");
    const { endpoint, delivery } = await foreignEndpoint();
    const before = await everything();
    expect(named.length).toBeGreaterThanOrEqual(10);
    for (const { contract } of named) {
      const id = contract.path.startsWith("/webhook-deliveries") ? delivery.id : endpoint.id;
      const bodies = contract.body ? [JSON.stringify(contract.bodyExample), "{", "{}"] : [undefined];
      for (const body of bodies) {
        const path = `/api/v1${contract.path.replace(":id", id)}`;
        const options = { token, ...(body === undefined ? {} : { body }) };
        const foreign = await callRaw(contract.method.toUpperCase(), path, options);
        const unknown = await callRaw(contract.method.toUpperCase(), path.replace(/01\w{6}-/, "01000000-"), options);
        expect(foreign.status, contract.operationId).toBe(404);
        expect({ ...foreign.body, requestId: "" }).toEqual({ ...unknown.body, requestId: "" });
      }
    }
    const mixed = `/api/v1/webhook-deliveries/${own.id}.${delivery.eventId}`;
    expect((await callRaw("GET", mixed, { token })).status).toBe(404);
    expect(await everything()).toEqual(before);
    const { body } = await journey.must(200, "GET", "/webhook-endpoints", { token });
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([own.id]);
  });

  it("are sent no events of the operator", async () => {
    await foreignEndpoint();
    await makeEndpoint("own", { events: ["testimony.cancelled"] });
    await tellSomething(await journey.registerClient());
    await arrived("own", 1);
    await journey.advance(60);
    expect(await arrivals("foreign")).toHaveLength(1); // the owner's own test
  });
});

describe("a developer", () => {
  /** Makes a developer's endpoint that sends to a box of its own. */
  async function listener(box: string) {
    const seller = await Seller.register(journey);
    const made = await seller.ask("POST", "/webhook-endpoints", { url: boxUrl(box), events: ["*"] });
    expect(made.status).toBe(201);
    return { seller, endpoint: made.body.data as Endpoint };
  }

  const told = async (box: string) => {
    const bodies = (await arrivals(box)).map(({ body }) => JSON.parse(body));
    return bodies.toSorted((a, b) => a.sequence - b.sequence); // the order of arrival is not guaranteed
  };

  it("receives each change of its own accounts once, and of no other's; the operator receives none", async () => {
    await makeEndpoint("operator");
    const [one, other] = [await listener("one"), await listener("other")];
    const accountId = await one.seller.ready();
    await arrived("one", 2);
    const foreign = await other.seller.opened();
    await arrived("other", 1);
    await tellSomething(await journey.registerClient());
    await arrived("operator", 1);
    await journey.advance(60);
    const facts = ({ type, sequence, data }: Record<string, unknown>) => ({ type, sequence, data });
    expect((await told("one")).map(facts)).toEqual([
      {
        type: "account.updated",
        sequence: 1,
        data: { accountId, state: "incomplete", requirements: expect.any(Array) },
      },
      { type: "account.updated", sequence: 2, data: { accountId, state: "ready", requirements: [] } },
    ]);
    expect((await told("other")).map(facts)).toMatchObject([{ sequence: 1, data: { accountId: foreign } }]);
    expect((await told("operator")).map(({ type }) => type)).toEqual(["testimony.cancelled"]);
    const [arrival] = await arrivals("one");
    expect(() => new Webhook(one.endpoint.secret).verify(arrival?.body ?? "", arrival?.headers ?? {})).not.toThrow();
  });

  it("sees, changes and tests its own endpoints, and no other's", async () => {
    const operators = await makeEndpoint("operator");
    const [one, other] = [await listener("one"), await listener("other")];
    const own = await one.seller.ask("GET", "/webhook-endpoints");
    expect(own.body.data.map(({ id }: { id: string }) => id)).toEqual([one.endpoint.id]);
    for (const { id } of [operators, other.endpoint]) {
      for (const [method, path, body] of [
        ["GET", "", undefined],
        ["PATCH", "", { enabled: false }],
        ["DELETE", "", undefined],
        ["POST", "/test", undefined],
        ["POST", "/rotate-secret", {}],
        ["GET", "/deliveries", undefined],
      ] as const) {
        const answer = await one.seller.ask(method, `/webhook-endpoints/${id}${path}`, body);
        expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([404, "endpoint_unknown"]);
      }
    }
    expect((await one.seller.ask("POST", `/webhook-endpoints/${one.endpoint.id}/test`)).status).toBe(202);
    await arrived("one", 1);
    const theirs = await journey.must(200, "GET", "/webhook-endpoints", { token });
    expect(theirs.body.data.map(({ id }: { id: string }) => id)).toEqual([operators.id]);
    const names = await rows<{ actor: string }>("select actor from journal where aggregate_id = ?", one.endpoint.id);
    expect(new Set(names.map(({ actor }) => actor))).toEqual(new Set([`developer:${one.seller.id}`]));
  });

  it("without a valid token is 401, whatever else is sent", async () => {
    for (const headers of [
      { "X-Developer-Token": makeToken("dev").token },
      { "X-Developer-Token": "admin_sandbox" },
      { "X-App-ID": "01890000-0000-8000-8000-000000000000", Authorization: `Bearer ${token}` },
    ]) {
      expect((await callRaw("GET", "/api/v1/webhook-endpoints", { headers })).status).toBe(401);
    }
  });
});

describe("a caller without a valid token", () => {
  it.each(ownedRoutes.map(({ contract }) => [contract.operationId, contract] as const))(
    "%s: without a token, with another's, or with none that exists, 401",
    async (_, contract) => {
      const client = await journey.registerClient();
      const path = `/api/v1${contract.path.replace(":id", "01890000-0000-8000-8000-000000000000")}`;
      const body = contract.body ? { body: JSON.stringify(contract.bodyExample) } : {};
      for (const bearer of [undefined, client.token, makeToken().token, "admin", "admin_sandbo"]) {
        expect((await callRaw(contract.method.toUpperCase(), path, { token: bearer, ...body })).status).toBe(401);
      }
    },
  );
});

describe("an endpoint", () => {
  it("is listed, viewed, changed and removed; what waited for it is forgotten", async () => {
    const first = await makeEndpoint("first", { description: "Books", metadata: { team: "books" } });
    const second = await makeEndpoint("second", { events: ["offer.accepted", "payout.paid"], enabled: false });
    const list = (await journey.must(200, "GET", "/webhook-endpoints", { token })).body.data;
    expect(list.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id]);
    expect(second).toMatchObject({ enabled: false, health: { disabledReason: null } });
    const changed = await changeEndpoint(first, { events: ["testimony.cancelled"], description: null, enabled: false });
    expect(changed).toMatchObject({ events: ["testimony.cancelled"], description: null, metadata: { team: "books" } });
    expect(changed.health.disabledReason).toBe("owner");
    expect((await changeEndpoint(first, { enabled: true })).health.disabledReason).toBeNull();

    await journey.control("POST", "inbox", { box: "first", mode: "fail" });
    await tellSomething(await journey.registerClient());
    await arrived("first", 1);
    await journey.must(204, "DELETE", `/webhook-endpoints/${first.id}`, { token });
    await journey.must(404, "GET", `/webhook-endpoints/${first.id}`, { token });
    await journey.must(404, "DELETE", `/webhook-endpoints/${first.id}`, { token });
    await journey.advance(10);
    await expect.poll(() => rows("select 1 from webhook_deliveries")).toEqual([]);
    expect(await rows("select 1 from webhook_attempts")).toEqual([]);
    expect(await arrivals("first")).toHaveLength(1);
    await tellSomething(await journey.registerClient());
    expect(await rows("select 1 from webhook_deliveries")).toEqual([]);
  });

  it("receives the types that it asked for, and nothing else", async () => {
    const some = await makeEndpoint("some", { events: ["testimony.cancelled"] });
    const others = await makeEndpoint("others", { events: ["payout.paid", "webhook_endpoint.failing"] });
    await tellSomething(await journey.registerClient());
    await arrived("some", 1);
    expect(await deliveriesOf(some)).toHaveLength(1);
    expect(await deliveriesOf(others)).toEqual([]);
  });

  it("is one of a hundred at most", async () => {
    const endpoint = await makeEndpoint("main");
    await env.DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 99)
       insert into webhook_endpoints select id || i, owner, wire, url, description, events, metadata, enabled, disabled_reason,
         failing_since, warned_at, disabled_at, created_at from webhook_endpoints, n where id = ?`,
    )
      .bind(endpoint.id)
      .run();
    const body = { url: "http://localhost:8787/sandbox/inbox/main", events: ["*"] };
    const answer = await journey.must(422, "POST", "/webhook-endpoints", { token, body });
    expect(answer.body.code).toBe("endpoints_full");
    expect((await journey.must(200, "GET", "/webhook-endpoints", { token })).body.data).toHaveLength(100);
  });

  it.each([
    [{ events: [] }],
    [{ events: ["offer.unknown"] }],
    [{ url: "not a url" }],
    [{ url: 7 }],
    [{ description: "x".repeat(501) }],
    [{ metadata: { a: 1 } }],
    [{ metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, ""])) }],
    [{ url: `https://hooks.example.com/${"x".repeat(2_048)}` }],
  ])("is refused with %j", async (wrong) => {
    const body = { url: "https://hooks.example.com/", events: ["*"], ...wrong };
    await journey.must(422, "POST", "/webhook-endpoints", { token, body });
    const made = await makeEndpoint("main");
    await journey.must(422, "PATCH", `/webhook-endpoints/${made.id}`, { token, body: wrong });
  });
});

describe("a secret", () => {
  it("is shown once, and stands nowhere as it is", async () => {
    const endpoint = await makeEndpoint("main");
    const path = `/webhook-endpoints/${endpoint.id}`;
    const rotated = (await journey.must(200, "POST", `${path}/rotate-secret`, { token, body: {} })).body.data;
    await sendTest(endpoint);
    const secrets = [endpoint.secret, rotated.secret].map((secret) => secret.replace("whsec_", ""));
    const answers = [
      await journey.must(200, "GET", path, { token }),
      await journey.must(200, "GET", "/webhook-endpoints", { token }),
      await journey.must(200, "PATCH", path, { token, body: { description: "again" } }),
      await journey.must(200, "GET", `${path}/deliveries`, { token }),
    ].map(({ body }) => JSON.stringify(body));
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'",
    );
    const stored = await Promise.all(
      tables.map(async ({ name }) => JSON.stringify(await rows(`select * from "${name}"`))),
    );
    expect(stored.join("")).toContain(endpoint.id);
    for (const secret of secrets) {
      expect(answers.filter((text) => text.includes(secret))).toEqual([]);
      expect(stored.filter((text) => text.includes(secret))).toEqual([]);
      const bytes = [...atob(secret)]
        .map((character) => character.charCodeAt(0).toString(16).padStart(2, "0"))
        .join("");
      expect(stored.filter((text) => text.includes(bytes))).toEqual([]);
    }
  });

  it("is not answered again under the same idempotency key", async () => {
    const body = { url: "http://localhost:8787/sandbox/inbox/main", events: ["*"] };
    const headers = { "Idempotency-Key": "the-same" };
    const first = await journey.must(201, "POST", "/webhook-endpoints", { token, body, headers });
    const second = await journey.must(201, "POST", "/webhook-endpoints", { token, body, headers });
    expect(second.body.data.secret).not.toBe(first.body.data.secret);
  });

  it("sealed with the old key still signs while a new one seals", async () => {
    const old = await makeEndpoint("old");
    const fresh = `fresh:${btoa("another-key-of-exactly-32-bytes!")}`;
    const both = { ...env, WEBHOOK_SEALING_KEYS: `${fresh},${sealingKeysOfTheSandbox}` };
    const made = await call(both, { url: "http://localhost:8787/sandbox/inbox/new", events: ["*"] });
    expect(made.status).toBe(201);
    const sealed = await rows<{ id: string; secret: string }>("select owner_id as id, secret from secrets order by id");
    expect(sealed.map(({ secret }) => secret.split(".")[0])).toEqual(["tests", "fresh"]);

    const { deliverEvent } = await import("../../src/webhooks/deliver-event");
    const { buildDeliveryDeps } = await import("../../src/container");
    const delivery = await sendTest(old);
    await env.DB.prepare("update webhook_deliveries set replay = 1, due_at = 0").run();
    await deliverEvent(await buildDeliveryDeps(both, "test"), delivery);
    const [, again] = await arrived("old", 2);
    expect(() => new Webhook(old.secret).verify(again?.body ?? "", again?.headers ?? {})).not.toThrow();
  });

  it("cannot be sealed where no key is set: nothing is made, and the log says what is missing", async () => {
    const none = { ...env, WEBHOOK_SEALING_KEYS: "" };
    const answer = await call(none, { url: "http://localhost:8787/sandbox/inbox/new", events: ["*"] });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, "webhooks_not_set_up"]);
    expect(await rows("select 1 from webhook_endpoints")).toEqual([]);
  });
});

const sealingKeysOfTheSandbox = (env as unknown as { WEBHOOK_SEALING_KEYS: string }).WEBHOOK_SEALING_KEYS;

function call(environment: object, body: object): Promise<Response> {
  const request = new Request("http://localhost:8787/api/v1/webhook-endpoints", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return Promise.resolve(createApp().fetch(request, environment, createExecutionContext()));
}
