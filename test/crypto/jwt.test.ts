import { SignJWT } from "jose/jwt/sign";
import { describe, expect, it } from "vitest";
import { signJwt, type TokenKey, verifyJwt } from "../../src/crypto/jwt";

const key = (id: string): TokenKey => ({ id, bytes: crypto.getRandomValues(new Uint8Array(32)) });
const [old, fresh, foreign] = [key("old"), key("fresh"), key("old")];
const nowMs = Date.UTC(2026, 10, 20, 12);
const issuer = "accord";
const claims = {
  issuer,
  subject: "someone",
  id: "token-1",
  issuedAtMs: nowMs,
  lifetimeSeconds: 3600,
  others: { roles: ["ROLE_APPLICATION"] },
};
const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const headerOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());

describe("a token", () => {
  it("is signed with the newest key, and says what it is for", async () => {
    const token = await signJwt([fresh, old], claims);
    expect(headerOf(token)).toEqual({ alg: "HS256", typ: "JWT", kid: "fresh" });
    expect(payloadOf(token)).toEqual({
      roles: ["ROLE_APPLICATION"],
      iss: "accord",
      sub: "someone",
      jti: "token-1",
      iat: nowMs / 1000,
      exp: nowMs / 1000 + 3600,
    });
  });

  it("is accepted under every key that is still configured", async () => {
    const token = await signJwt([old], claims);
    expect(await verifyJwt([fresh, old], token, { issuer, nowMs })).toEqual({ ok: true, subject: "someone" });
    expect(await verifyJwt([fresh], token, { issuer, nowMs })).toEqual({ ok: false, reason: "invalid" });
    expect(await verifyJwt([foreign], token, { issuer, nowMs })).toEqual({ ok: false, reason: "invalid" });
  });

  it("expires after its hour, by the clock that is given", async () => {
    const token = await signJwt([old], claims);
    const at = (ms: number) => verifyJwt([old], token, { issuer, nowMs: nowMs + ms });
    expect(await at(3_599_000)).toMatchObject({ ok: true });
    expect(await at(3_600_000)).toEqual({ ok: false, reason: "expired" });
  });

  it("cannot be signed without a key", async () => {
    await expect(signJwt([], claims)).rejects.toThrow("no key");
  });
});

describe("what is no token of ours", () => {
  const unsigned = (header: object, payload: object) =>
    `${[header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;
  const body = { iss: issuer, sub: "someone", exp: nowMs / 1000 + 60 };
  const forged = (payload: Record<string, unknown>, alg = "HS256") =>
    new SignJWT(payload).setProtectedHeader({ alg, kid: "old" }).sign(new Uint8Array([...old.bytes, ...old.bytes]));

  it.each([
    ["nothing", async () => ""],
    ["words", async () => "not.a.token"],
    ["no signature", async () => unsigned({ alg: "none", kid: "old" }, body)],
    ["another algorithm", () => forged(body, "HS512")],
    ["another issuer", async () => signJwt([old], { ...claims, issuer: "other" })],
    ["no key named", () => new SignJWT(body).setProtectedHeader({ alg: "HS256" }).sign(old.bytes)],
    [
      "no end",
      () => new SignJWT({ iss: issuer, sub: "x" }).setProtectedHeader({ alg: "HS256", kid: "old" }).sign(old.bytes),
    ],
    [
      "nobody",
      () =>
        new SignJWT({ iss: issuer, exp: body.exp }).setProtectedHeader({ alg: "HS256", kid: "old" }).sign(old.bytes),
    ],
    [
      "another payload",
      async () => {
        const [header, , signature] = (await signJwt([old], claims)).split(".");
        return [header, Buffer.from(JSON.stringify({ ...body, sub: "other" })).toString("base64url"), signature].join(
          ".",
        );
      },
    ],
  ])("is refused: %s", async (_, make) => {
    expect(await verifyJwt([old], await make(), { issuer, nowMs })).toEqual({ ok: false, reason: "invalid" });
  });
});
