import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { hourMs } from "../../../src/domain/time";
import type { Answer } from "../../journey";
import { rows } from "../../operations/rows";
import type { Tenant } from "../../transfers-journey";
import { arrived } from "../../webhooks/owner";
import { journey } from "../checked";
import { walk } from "./world";

const hourSeconds = hourMs / 1000;

const tokenAsked = ({ id, clientSecret }: Pick<Tenant, "id" | "clientSecret">) =>
  walk.ask(undefined, "POST", "/auth/token", { client_id: id, client_secret: clientSecret });
const opens = async (client: Pick<Tenant, "id" | "clientSecret">) => (await tokenAsked(client)).status;
const viewed = async (tenant: Tenant) => (await walk.ask(tenant, "GET", "/applications/me")).body.data;

describe("a client secret", () => {
  let tenant: Tenant;

  beforeEach(async () => {
    tenant = await walk.tenant();
  });

  const rotate = (body: object = {}) => walk.ask(tenant, "POST", "/applications/client-secret/rotate", body);
  const rotated = async (body: object = {}): Promise<Tenant> => {
    const { status, body: answered } = await rotate(body);
    expect(status).toBe(200);
    return { ...tenant, clientSecret: answered.data.clientSecret };
  };

  it("has a successor, and both open tokens until the overlap is over", async () => {
    const next = await rotated({ overlapHours: 1 });
    expect([await opens(tenant), await opens(next)]).toEqual([200, 200]);
    await journey.advance(hourSeconds + 1);
    expect([await opens(tenant), await opens(next)]).toEqual([401, 200]);
  });

  it("ends at once without an overlap, and so do all before it", async () => {
    const second = await rotated({ overlapHours: 24 });
    const third = await rotated({ overlapHours: 0 });
    expect([await opens(tenant), await opens(second), await opens(third)]).toEqual([401, 401, 200]);
  });

  it("is listed by its first characters, and an earlier one is ended by them, but never the present one", async () => {
    const next = await rotated();
    const prefixes = [next, tenant].map(({ clientSecret }) => clientSecret.slice(0, 12));
    const { clientSecrets, webhookSecrets } = await viewed(tenant);
    expect(clientSecrets).toEqual([
      { prefix: prefixes[0], createdAt: expect.any(String) },
      { prefix: prefixes[1], createdAt: expect.any(String), endsAt: expect.any(String) },
    ]);
    expect(webhookSecrets).toEqual([{ createdAt: expect.any(String) }]);
    const end = (prefix = "") => walk.ask(tenant, "DELETE", `/applications/client-secrets/${prefix}`);
    const present = await end(prefixes[0]);
    expect([present.status, present.body.errorCode]).toEqual([404, "SECRET_NOT_FOUND"]);
    expect((await end(prefixes[1])).status).toBe(204);
    expect([await opens(tenant), await opens(next)]).toEqual([401, 200]);
    expect((await end(prefixes[1])).status).toBe(404);
    const stranger = await walk.tenant();
    expect((await walk.ask(stranger, "DELETE", `/applications/client-secrets/${prefixes[0]}`)).status).toBe(404);
  });

  it("is one of five at most, and a rotation without an overlap makes room", async () => {
    for (let turn = 0; turn < 4; turn += 1) await rotated();
    const full = await rotate();
    expect([full.status, full.body.errorCode]).toEqual([409, "TOO_MANY_SECRETS"]);
    const last = await rotated({ overlapHours: 0 });
    expect(await opens(last)).toBe(200);
    expect((await viewed(tenant)).clientSecrets).toHaveLength(1);
  });

  it.each([{ overlapHours: -1 }, { overlapHours: 169 }, { overlapHours: 0.5 }, { overlap: 1 }])(
    "is not rotated with %j",
    async (body) => {
      expect((await rotate(body)).status).toBe(400);
      expect(await rows("select 1 from secrets where owner_id = ?", tenant.id)).toHaveLength(2);
    },
  );
});

describe("a webhook secret of an application", () => {
  const rotate = (tenant: Tenant, body?: object) =>
    walk.ask(tenant, "POST", "/applications/webhook-secret/rotate", body);

  it("signs beside its successor where an overlap is asked for, and alone where none is", async () => {
    const receiver = await walk.tenant({ webhookUrl: "http://localhost:8787/sandbox/inbox/overlap" });
    const sender = await walk.tenant();
    const second = (await rotate(receiver, { overlapHours: 1 })).body.data.webhookSecret;
    expect((await viewed(receiver)).webhookSecrets).toHaveLength(2);
    await walk.initiated(sender, receiver);
    const secrets = [receiver.webhookSecret, second];
    for (const secret of secrets) expect(await verdicts(secret, 1)).toEqual(["verified"]);
    const third = (await rotate(receiver)).body.data.webhookSecret;
    await walk.initiated(sender, receiver);
    for (const secret of secrets) expect(await verdicts(secret, 2)).toEqual(["verified", "wrong"]);
    expect(await verdicts(third, 2)).toEqual(["wrong", "verified"]);
  });

  it("is one of five at most", async () => {
    const tenant = await walk.tenant();
    for (let turn = 0; turn < 4; turn += 1) expect((await rotate(tenant, { overlapHours: 24 })).status).toBe(200);
    const full = await rotate(tenant, { overlapHours: 24 });
    expect([full.status, full.body.errorCode]).toEqual([409, "TOO_MANY_SECRETS"]);
  });

  async function verdicts(secret: string, count: number): Promise<string[]> {
    await journey.control("POST", "inbox", { box: "overlap", secrets: [secret] });
    return (await arrived("overlap", count)).map(({ verdict }) => verdict);
  }
});

describe("a registration whose answer was lost", () => {
  const body = () => ({ name: "Wallet", appHandle: `app-${crypto.randomUUID().slice(0, 8)}` });
  const register = (sent: object, headers: Record<string, string> = {}): Promise<Answer> =>
    walk.ask(undefined, "POST", "/applications", sent, headers);
  const keyed = () => ({ "Idempotency-Key": crypto.randomUUID() });
  const clientOf = ({ body: { data } }: Answer) => ({ id: data.id, clientSecret: data.clientSecret });
  const refused = ({ status, body: { errorCode } }: Answer) => [status, errorCode];
  const taken = [409, "DUPLICATE_APP_HANDLE"];

  it("is answered again with other secrets, and the first ones open nothing", async () => {
    const [sent, key] = [body(), keyed()];
    const lost = await register(sent, key);
    const again = await register(sent, key);
    expect([again.status, again.body.data.id, again.body.data.keyVersion]).toEqual([201, lost.body.data.id, 2]);
    expect(again.body.data.appPublicKeyJwk.kid).toBe(`${lost.body.data.id}:2`);
    for (const secret of ["clientSecret", "webhookSecret", "appPrivateJwk"])
      expect(again.body.data[secret]).not.toEqual(lost.body.data[secret]);
    expect([await opens(clientOf(lost)), await opens(clientOf(again))]).toEqual([401, 200]);
    expect(await rows("select 1 from secrets where owner_id = ?", lost.body.data.id)).toHaveLength(2);
  });

  it("is answered as often as its answer is lost", async () => {
    const [sent, key] = [body(), keyed()];
    for (let turn = 0; turn < 3; turn += 1) expect((await register(sent, key)).status).toBe(201);
    expect(refused(await register(sent, keyed()))).toEqual(taken);
  });

  it("is not repeated once its secret was used", async () => {
    const [sent, key] = [body(), keyed()];
    const first = clientOf(await register(sent, key));
    expect(await opens(first)).toBe(200);
    expect(refused(await register(sent, key))).toEqual(taken);
    expect(await opens(first)).toBe(200);
  });

  it("is not repeated after an hour", async () => {
    const [sent, key] = [body(), keyed()];
    const first = clientOf(await register(sent, key));
    await journey.advance(hourSeconds);
    expect(refused(await register(sent, key))).toEqual(taken);
    expect(await opens(first)).toBe(200);
  });

  it("is not repeated with a key that could be guessed, without one, with another content, or from elsewhere", async () => {
    const sent = body();
    const key = { "Idempotency-Key": "k".repeat(31) };
    await register(sent, key);
    expect(refused(await register(sent, key))).toEqual(taken);
    const other = body();
    expect(refused(await register(other, {}))).toEqual([201, undefined]);
    expect(refused(await register(other, {}))).toEqual(taken);
    const [third, long] = [body(), keyed()];
    await register(third, { ...long, "CF-Connecting-IP": "2001:db8:1:2::1" });
    expect(
      refused(await register({ ...third, name: "Another" }, { ...long, "CF-Connecting-IP": "2001:db8:1:2::1" })),
    ).toEqual(taken);
    expect(refused(await register(third, { ...long, "CF-Connecting-IP": "2001:db8:1:3::1" }))).toEqual(taken);
    const sameNetwork = await register(third, { ...long, "CF-Connecting-IP": "2001:db8:1:2::ffff" });
    expect(sameNetwork.status).toBe(201);
  });

  it("is not repeated while its secret is being used: one of both wins", async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const [sent, key] = [body(), keyed()];
      const first = clientOf(await register(sent, key));
      const [used, again] = await Promise.all([opens(first), register(sent, key)]);
      expect([
        [200, 409],
        [401, 201],
      ]).toContainEqual([used, again.status]);
      const live = again.status === 201 ? clientOf(again) : first;
      expect(await opens(live)).toBe(200);
    }
  });

  it("leaves neither its key nor a secret behind", async () => {
    const [sent, key] = [body(), keyed()];
    const { data } = (await register(sent, key)).body;
    const tables = ["applications", "secrets", "journal", "idempotency_keys"];
    const kept = JSON.stringify(
      await Promise.all(tables.map(async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results)),
    );
    for (const secret of [key["Idempotency-Key"], data.clientSecret, data.webhookSecret, data.appPrivateJwk.d])
      expect(kept).not.toContain(secret);
  });
});
