import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { compactDecrypt } from "jose/jwe/compact/decrypt";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { encryptFor, newKeyPair, type PrivateJwk } from "../../src/crypto/jwe";
import { hourMs } from "../../src/domain/time";
import { Shop } from "../shop";
import type { Tenant } from "../transfers-journey";
import { type Arrival, arrived, boxUrl, makeEndpoint, token as operatorToken } from "../webhooks/owner";
import { callRaw, journey } from "./checked";
import { walk } from "./transfers/world";

/*
 * Every secret is replaced while requests with it run: none fails while old and new are both valid, and each fails once
 * the old one has ended. What a holder rotates has its overlap by the clock; what stands in the settings, by the list.
 */

const hourSeconds = hourMs / 1000;

/**
 * Sends requests while something is done: eight before it, sixteen beside it, eight after it. Returns how often each
 * outcome was seen, and what was done.
 */
async function underLoad<T>(send: () => Promise<unknown>, act: () => Promise<T>) {
  const outcomes: Record<string, number> = {};
  const note = async () => {
    const outcome = String(await send());
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  const burst = (size: number) => Promise.all(Array.from({ length: size }, note));
  await burst(8);
  const [done] = await Promise.all([act(), burst(16)]);
  await burst(8);
  return { outcomes, done };
}

beforeEach(() => journey.reset());

describe("what its holder rotates", () => {
  it("a developer's token", async () => {
    const { token } = await Shop.open(journey);
    const ask = async (by: string) =>
      (await journey.call("GET", "/api/v1/apps", { headers: { "X-Developer-Token": by } })).status;
    const headers = { "X-Developer-Token": token };
    const body = { overlap_seconds: hourSeconds };
    const { outcomes, done } = await underLoad(
      () => ask(token),
      () => journey.must(201, "POST", "/developer-tokens", { headers, body }),
    );
    expect(Object.keys(outcomes)).toEqual(["200"]);
    const next: string = done.body.data.token;
    const both = await underLoad(
      async () => [await ask(token), await ask(next)],
      async () => {},
    );
    expect(Object.keys(both.outcomes)).toEqual(["200,200"]);
    const ended = await underLoad(
      () => ask(next),
      () => journey.advance(hourSeconds + 1),
    );
    expect(Object.keys(ended.outcomes)).toEqual(["200"]);
    expect(await ask(token)).toBe(401);
  });

  it("an application's client secret", async () => {
    const tenant = await walk.tenant();
    const ask = async (clientSecret: string) =>
      (await walk.ask(undefined, "POST", "/auth/token", { client_id: tenant.id, client_secret: clientSecret })).status;
    const { outcomes, done } = await underLoad(
      () => ask(tenant.clientSecret),
      () => walk.must(tenant, "POST", "/applications/client-secret/rotate", { overlapHours: 1 }),
    );
    expect(Object.keys(outcomes)).toEqual(["200"]);
    const ended = await underLoad(
      () => ask(done.clientSecret),
      () => journey.advance(hourSeconds + 1),
    );
    expect(Object.keys(ended.outcomes)).toEqual(["200"]);
    expect(await ask(tenant.clientSecret)).toBe(401);
  });

  it("a webhook endpoint's secret", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const body = { url: boxUrl("rotated"), events: ["*"] };
    const made = await journey.must(201, "POST", "/webhook-endpoints", { token: receiver.token, body });
    const { id, secret: old } = made.body.data;
    const rotation = { token: receiver.token, body: { overlapHours: 1 } };
    const { outcomes, done } = await underLoad(
      async () => (await walk.initiated(sender, receiver)).status,
      () => journey.must(200, "POST", `/webhook-endpoints/${id}/rotate-secret`, rotation),
    );
    const sent = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const fresh: string = done.body.data.secret;
    // Who knows the old secret alone misses nothing; who knows the new one alone, nothing that was made after it.
    expect(await verdicts("rotated", sent, old)).toEqual(Array(sent).fill("verified"));
    expect((await verdicts("rotated", sent, fresh)).slice(-3)).toEqual(Array(3).fill("verified"));
    await journey.advance(hourSeconds + 1);
    sender.token = await walk.token(sender);
    await walk.initiated(sender, receiver);
    expect((await verdicts("rotated", sent + 1, old)).at(-1)).toBe("wrong");
    expect((await verdicts("rotated", sent + 1, fresh)).at(-1)).toBe("verified");
  });

  describe("of an application that hears of transfers", () => {
    let sender: Tenant;

    beforeEach(async () => {
      sender = await walk.tenant();
    });

    it("the webhook secret", async () => {
      const receiver = await walk.tenant({ webhookUrl: boxUrl("receiver") });
      const { outcomes, done } = await underLoad(
        async () => (await walk.initiated(sender, receiver)).status,
        () => walk.must(receiver, "POST", "/applications/webhook-secret/rotate", { overlapHours: 1 }),
      );
      const sent = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
      const [old, fresh]: string[] = [receiver.webhookSecret, done.webhookSecret];
      expect(await verdicts("receiver", sent, old)).toEqual(Array(sent).fill("verified"));
      await journey.advance(hourSeconds + 1);
      sender.token = await walk.token(sender);
      await walk.initiated(sender, receiver);
      expect((await verdicts("receiver", sent + 1, old)).at(-1)).toBe("wrong");
      expect((await verdicts("receiver", sent + 1, fresh)).at(-1)).toBe("verified");
    });

    it("the key pair: each message opens with the key that it names, and after the rotation with the new one alone", async () => {
      const receiver = await walk.tenant({ webhookUrl: boxUrl("receiver"), encrypted: true });
      const first = (await walk.must(receiver, "POST", "/applications/keys/rotate")).appPrivateJwk as PrivateJwk;
      const { outcomes, done } = await underLoad(
        async () => (await walk.initiated(sender, receiver)).status,
        async () => {
          await arrived("receiver", 8);
          return walk.must(receiver, "POST", "/applications/keys/rotate");
        },
      );
      const second = done.appPrivateJwk as PrivateJwk;
      const sent = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
      const opened = await Promise.all((await arrived("receiver", sent)).map((one) => openedBy(one, [first, second])));
      expect(opened).toHaveLength(sent);
      expect(new Set(opened)).toEqual(new Set([first.kid, second.kid]));
      await walk.initiated(sender, receiver);
      const last = (await arrived("receiver", sent + 1)).at(-1) as Arrival;
      expect(await openedBy(last, [first, second])).toBe(second.kid);
      await expect(compactDecrypt(last.body, first)).rejects.toThrow();
    });
  });

  async function verdicts(box: string, count: number, secret = ""): Promise<string[]> {
    await arrived(box, count);
    await journey.control("POST", "inbox", { box, secrets: [secret] });
    return (await arrived(box, count)).map(({ verdict }) => verdict);
  }

  /** Opens a message with the key that it names. Returns the key's id. */
  async function openedBy({ body }: Arrival, keys: readonly PrivateJwk[]): Promise<string> {
    const { kid } = JSON.parse(Buffer.from(body.split(".")[0] ?? "", "base64url").toString());
    const key = keys.find((one) => one.kid === kid);
    if (!key) throw new Error(`the message names ${kid}`);
    await compactDecrypt(body, key);
    return kid;
  }
});

describe("what stands in the settings", () => {
  const app = createApp();
  const settings = env as unknown as Record<string, string>;

  /** Sends to the Worker with other settings. Returns the status. */
  const ask = async (changes: object, path: string, init: RequestInit = {}): Promise<number> =>
    (await app.fetch(new Request(`http://localhost:8787/api/v1${path}`, init), { ...env, ...changes })).status;

  /** Goes from the old value to both and to the new one, with requests under each. Returns the outcomes of each step. */
  async function stepThrough(name: string, values: string[], send: (changes: object) => Promise<unknown>) {
    let changes = { [name]: values[0] };
    const steps: string[][] = [];
    for (const value of values) {
      // The load goes on over the change, as over a deployment: whoever was asked before it was answered by the old one.
      const { outcomes } = await underLoad(
        () => send(changes),
        async () => {},
      );
      steps.push(Object.keys(outcomes));
      changes = { [name]: value };
      const after = await underLoad(
        () => send(changes),
        async () => {},
      );
      steps.push(Object.keys(after.outcomes));
    }
    return steps;
  }

  it("an operator's token", async () => {
    const by = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
    const values = ["anna:old-token", "anna:new-token,anna:old-token", "anna:new-token"];
    const steps = await stepThrough("ADMIN_TOKENS", values, (changes) =>
      ask(changes, "/admin/ledger", by("old-token")),
    );
    expect(steps).toEqual([["200"], ["200"], ["200"], ["200"], ["200"], ["401"]]);
    expect(await ask({ ADMIN_TOKENS: values[1] }, "/admin/ledger", by("new-token"))).toBe(200);
  });

  it("a key that signs applications' tokens", async () => {
    const tenant = await walk.tenant();
    const old = settings.TRANSFERS_TOKEN_KEYS ?? "";
    const fresh = `fresh:${btoa("a fresh key of exactly 32 bytes!")}`;
    const by = { headers: { Authorization: `Bearer ${tenant.token}` } };
    const values = [old, `${fresh},${old}`, fresh];
    const steps = await stepThrough("TRANSFERS_TOKEN_KEYS", values, (changes) => ask(changes, "/applications/me", by));
    expect(steps).toEqual([["200"], ["200"], ["200"], ["200"], ["200"], ["401"]]);
  });

  it("a key that opens encrypted requests", async () => {
    const { publicJwk, privateJwk } = await newKeyPair("fresh");
    const { data } = (await callRaw("GET", "/api/v1/keys/idaas")).body;
    const fresh = `fresh:${Buffer.from(JSON.stringify(privateJwk)).toString("base64url")}`;
    const old = settings.TRANSFERS_ENCRYPTION_KEYS ?? "";
    const register = (key: typeof publicJwk) => async (changes: object) => {
      const application = { name: "Wallet", appHandle: `app-${crypto.randomUUID().slice(0, 8)}` };
      const body = await encryptFor(key, JSON.stringify(application));
      const headers = { "Content-Type": "application/jose", "Content-Encryption": "JWE" };
      return ask(changes, "/applications", { method: "POST", body, headers });
    };
    const values = [old, `${fresh},${old}`, fresh];
    const steps = await stepThrough("TRANSFERS_ENCRYPTION_KEYS", values, register(data.jwk));
    expect(steps).toEqual([["201"], ["201"], ["201"], ["201"], ["201"], ["400"]]);
    expect(await register(publicJwk)({ TRANSFERS_ENCRYPTION_KEYS: values[1] })).toBe(201);
  });

  it("a key that seals signing secrets", async () => {
    const { deliver } = await import("../../src/webhooks/deliver");
    const { buildDeliveryDeps } = await import("../../src/container");
    const endpoint = await makeEndpoint("sealed");
    const old = settings.WEBHOOK_SEALING_KEYS ?? "";
    const fresh = `fresh:${btoa("a fresh key of exactly 32 bytes!")}`;
    const path = `/webhook-endpoints/${endpoint.id}/test`;
    const tested = await journey.must(202, "POST", path, { token: operatorToken });
    const eventId: string = tested.body.data.eventId ?? tested.body.data.deliveryId.split("_").at(-1);
    await arrived("sealed", 1);
    const again = async (changes: object) => {
      await env.DB.prepare("update webhook_deliveries set replay = 1, due_at = 0").run();
      const deps = await buildDeliveryDeps({ ...env, ...changes }, "test");
      const row = await env.DB.prepare("select * from webhook_deliveries").first<Record<string, never>>();
      const job = { kind: "event", endpointId: endpoint.id, eventId: row?.event_id ?? eventId } as never;
      return deliver(deps, job).then(
        () => "sent",
        (error: Error) => error.message,
      );
    };
    expect(await again({ WEBHOOK_SEALING_KEYS: old })).toBe("sent");
    expect(await again({ WEBHOOK_SEALING_KEYS: `${fresh},${old}` })).toBe("sent");
    const id = old.split(":")[0];
    expect(await again({ WEBHOOK_SEALING_KEYS: fresh })).toBe(`the sealing key ${id} is not configured`);
    expect(new Set((await arrived("sealed", 3)).map(({ body }) => body)).size).toBe(1);
  });

  it("a secret by which Stripe's events are known", async () => {
    const event = () => {
      const at = Math.floor(Date.now() / 1000);
      const object = { id: "ch_unknown", object: "charge" };
      const facts = { object: "event", type: "charge.succeeded", created: at, livemode: false, data: { object } };
      const body = JSON.stringify({ id: `evt_${crypto.randomUUID()}`, ...facts });
      const signature = createHmac("sha256", "whsec_old").update(`${at}.${body}`).digest("hex");
      return { method: "POST", body, headers: { "Stripe-Signature": `t=${at},v1=${signature}` } };
    };
    const values = ["whsec_old", "whsec_new,whsec_old", "whsec_new"];
    const steps = await stepThrough("STRIPE_WEBHOOK_SECRETS", values, (changes) => ask(changes, "/webhooks", event()));
    expect(steps).toEqual([["200"], ["200"], ["200"], ["200"], ["200"], ["400"]]);
  });
});
