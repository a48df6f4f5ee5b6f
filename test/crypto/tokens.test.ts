import { expect, it } from "vitest";
import { equalSecrets } from "../../src/crypto/equal";
import { sha256Hex } from "../../src/crypto/hash";
import { hashToken, isToken, makeToken, withBucket } from "../../src/crypto/tokens";

it("makes tokens of 256 bits that can be recognised but not guessed", () => {
  const tokens = Array.from({ length: 100 }, makeToken);
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(100);
  for (const { token, hash, prefix } of tokens) {
    expect(isToken(token)).toBe(true);
    expect(hash).toBe(hashToken(token));
    expect(hash).not.toContain(token);
    expect(token.startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength(12);
  }
});

it("carries the bucket of its owner, which is no part of what is stored", () => {
  const { token, hash, prefix } = makeToken();
  const carrying = withBucket(token, 0x042);
  expect(carrying).toBe(`${token}042`);
  expect(isToken(carrying)).toBe(true);
  expect([hashToken(carrying), hashToken(token)]).toEqual([hash, hash]);
  expect(carrying.startsWith(prefix)).toBe(true);
  for (const text of [`${token}04`, `${token}04g`, `${token}0420`]) expect(isToken(text)).toBe(false);
});

it("knows what cannot be a token", () => {
  for (const text of ["", "acc_", "admin_sandbox", `acc_${"a".repeat(42)}`, `acc_${"a".repeat(44)}`]) {
    expect(isToken(text)).toBe(false);
  }
});

it("hashes as published (FIPS 180-2)", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

it("compares secrets of any length", () => {
  expect(equalSecrets("one", "one")).toBe(true);
  expect(equalSecrets("one", "one more")).toBe(false);
  expect(equalSecrets("", "one")).toBe(false);
});
