import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { encryptFor, newKeyPair, type PublicJwk } from "../../../src/crypto/jwe";
import { callRaw } from "../checked";
import { walk } from "./world";

const platformKey = async (): Promise<PublicJwk> => (await walk.must(undefined, "GET", "/keys/idaas")).jwk;
const encrypted = { "Content-Encryption": "JWE" };

it("takes a body that was encrypted with the platform's key", async () => {
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  const body = { senderTag: sender.tag, receiverTag: receiver.tag, amount: 12.5, narration: "Školné" };
  const jwe = await encryptFor(await platformKey(), JSON.stringify(body));
  for (const type of ["application/jose", "application/json", "text/plain"]) {
    const answer = await callRaw("POST", "/api/v1/transactions", {
      token: sender.token,
      body: jwe,
      headers: { ...encrypted, "Content-Type": type },
    });
    expect([answer.status, answer.body.data?.amount, answer.body.data?.narration]).toEqual([201, 12.5, "Školné"]);
  }
});

it("takes it as the same request as the plain one", async () => {
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  const body = { senderTag: sender.tag, receiverTag: receiver.tag, amount: 12.5 };
  const plain = await walk.ask(sender, "POST", "/transactions", { ...body, idempotencyKey: "k-1" });
  const jwe = await encryptFor(await platformKey(), JSON.stringify({ idempotencyKey: "k-1", ...body }));
  const again = await callRaw("POST", "/api/v1/transactions", { token: sender.token, body: jwe, headers: encrypted });
  expect([again.status, again.body.data.id]).toEqual([201, plain.body.data.id]);
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
});

it("checks what was in it as if it had come plain, and never encrypts an answer", async () => {
  const tenant = await walk.tenant({ encrypted: true });
  const send = async (content: string) =>
    callRaw("POST", "/api/v1/tags", {
      token: tenant.token,
      body: await encryptFor(await platformKey(), content),
      headers: encrypted,
    });
  const invalid = await send(JSON.stringify({ subjectId: tenant.subjectId, tagString: "ab" }));
  expect([invalid.status, invalid.body.errors]).toEqual([400, ["tagString must be between 3 and 64 characters"]]);
  for (const [content, status, code] of [
    ["{", 400, "MALFORMED_REQUEST"],
    ["[]", 400, "MALFORMED_REQUEST"],
    [`{"a":"${"x".repeat(65_536)}"}`, 413, "PAYLOAD_TOO_LARGE"],
    [`{"a":"${"x".repeat(100_000)}"}`, 413, "PAYLOAD_TOO_LARGE"],
  ] as const) {
    const answer = await send(content);
    expect([answer.status, answer.body.errorCode]).toEqual([status, code]);
  }
});

it("is taken from strangers, too", async () => {
  const content = JSON.stringify({ name: "Secretive", appHandle: `app-${crypto.randomUUID().slice(0, 8)}` });
  const body = await encryptFor(await platformKey(), content);
  expect((await callRaw("POST", "/api/v1/applications", { body, headers: encrypted })).status).toBe(201);
});

it("refuses what is encrypted for somebody else, after it is known who asks", async () => {
  const tenant = await walk.tenant();
  const { publicJwk } = await newKeyPair("sandbox");
  const body = await encryptFor(publicJwk, JSON.stringify({ currency: "NGN" }));
  const answer = await callRaw("POST", "/api/v1/wallet", { token: tenant.token, body, headers: encrypted });
  expect([answer.status, answer.body.errorCode]).toEqual([400, "JWE_DECRYPTION_FAILED"]);
  expect(answer.body.message).toBe("The body could not be decrypted with the platform's key");
  expect((await callRaw("POST", "/api/v1/wallet", { body, headers: encrypted })).status).toBe(401);
});

it("opens with an older key while that is there, and says where there is none", async () => {
  const tenant = await walk.tenant();
  const key = await platformKey();
  const { privateJwk } = await newKeyPair("fresh");
  const { kid: _, use: __, alg: ___, ...jwk } = privateJwk;
  const fresh = `fresh:${Buffer.from(JSON.stringify(jwk)).toString("base64url")}`;
  const { TRANSFERS_ENCRYPTION_KEYS: configured } = env as unknown as Record<string, string>;
  const body = await encryptFor(key, JSON.stringify({ currency: "NGN" }));
  const ask = (keys: string, path: string, init: RequestInit = {}) =>
    createApp().fetch(
      new Request(`http://localhost/api/v1${path}`, {
        ...init,
        headers: { Authorization: `Bearer ${tenant.token}`, ...encrypted },
      }),
      { ...env, TRANSFERS_ENCRYPTION_KEYS: keys },
    );
  const rotated = `${fresh},${configured}`;
  expect((await (await ask(rotated, "/keys/idaas")).json<{ data: { jwk: PublicJwk } }>()).data.jwk.kid).toBe("fresh");
  expect((await ask(rotated, "/wallet", { method: "POST", body })).status).toBe(200);
  expect((await ask(fresh, "/wallet", { method: "POST", body })).status).toBe(400);
  expect((await ask("", "/wallet", { method: "POST", body })).status).toBe(400);
  expect((await ask("", "/keys/idaas")).status).toBe(503);
});

it("asks for nothing to decrypt where there is no body, although the client always sends the header", async () => {
  const tenant = await walk.tenant();
  for (const [method, path] of [
    ["POST", "/api/v1/wallet"],
    ["POST", "/api/v1/applications/webhook-secret/rotate"],
  ] as const) {
    const answer = await callRaw(method, path, { token: tenant.token, headers: encrypted });
    expect([path, answer.status < 300]).toEqual([path, true]);
  }
});
