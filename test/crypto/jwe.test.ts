import { CompactEncrypt } from "jose/jwe/compact/encrypt";
import { expect, it } from "vitest";
import { decryptWith, encryptFor, newKeyPair } from "../../src/crypto/jwe";

const text = JSON.stringify({ amount: 1500, narration: "Školné" });

it("opens what was encrypted for it, and names the key", async () => {
  const { publicJwk, privateJwk } = await newKeyPair("k1");
  expect(publicJwk).toEqual({
    kty: "EC",
    crv: "P-256",
    x: expect.stringMatching(/^[\w-]{43}$/),
    y: expect.stringMatching(/^[\w-]{43}$/),
    use: "enc",
    alg: "ECDH-ES+A256KW",
    kid: "k1",
  });
  expect(privateJwk).toEqual({ ...publicJwk, d: expect.stringMatching(/^[\w-]{43}$/) });
  const jwe = await encryptFor(publicJwk, text);
  const header = JSON.parse(Buffer.from(jwe.split(".")[0] ?? "", "base64url").toString());
  expect(header).toMatchObject({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid: "k1" });
  expect(await decryptWith([privateJwk], jwe)).toBe(text);
});

it("opens with the key that is named, old or new, and with the newest when none is", async () => {
  const [fresh, old] = [await newKeyPair("fresh"), await newKeyPair("old")];
  const keys = [fresh.privateJwk, old.privateJwk];
  expect(await decryptWith(keys, await encryptFor(old.publicJwk, text))).toBe(text);
  const unnamed = await new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
    .encrypt(fresh.publicJwk);
  expect(await decryptWith(keys, unnamed)).toBe(text);
});

it("opens nothing else", async () => {
  const { publicJwk, privateJwk } = await newKeyPair("k1");
  const other = await newKeyPair("k1");
  const { alg: _, ...anyAlgorithm } = publicJwk;
  const encrypt = (header: object) =>
    new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid: "k1", ...header })
      .encrypt(anyAlgorithm);
  const good = await encryptFor(publicJwk, text);
  const changed = good.replace(/\.([^.]+)$/, (_, tag: string) => `.${tag.startsWith("A") ? "B" : "A"}${tag.slice(1)}`);
  for (const jwe of [
    "",
    text,
    "a.b.c.d.e",
    changed,
    await encryptFor(other.publicJwk, text),
    await encryptFor({ ...publicJwk, kid: "k2" }, text),
    await encrypt({ alg: "ECDH-ES" }),
    await encrypt({ enc: "A128GCM" }),
    await encrypt({ zip: "DEF" }),
  ]) {
    await expect(decryptWith([privateJwk], jwe), jwe).rejects.toThrow();
  }
});
