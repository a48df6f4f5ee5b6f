import { expect, it } from "vitest";
import { hashPassword, verifyNobody, verifyPassword } from "../../src/crypto/passwords";

it("verifies the password that was hashed, and no other", async () => {
  const hash = await hashPassword("correct horse 7", 1);
  expect(await verifyPassword("correct horse 7", hash)).toBe(true);
  expect(await verifyPassword("correct horse 8", hash)).toBe(false);
});

it("writes the parameters beside the hash and salts every one", async () => {
  const [one, other] = await Promise.all([hashPassword("same", 1), hashPassword("same", 1)]);
  expect(one).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  expect(one).not.toBe(other);
});

it("verifies a hash of another cost: raising it leaves old passwords valid", async () => {
  expect(await verifyPassword("old", await hashPassword("old", 2))).toBe(true);
});

it("takes composed and decomposed letters for the same", async () => {
  const hash = await hashPassword("kráľ 1".normalize("NFC"), 1);
  expect(await verifyPassword("kráľ 1".normalize("NFD"), hash)).toBe(true);
});

it("never matches a text that is no hash of ours", async () => {
  for (const hash of ["", "x", "md5$1$2$3$4$5", "scrypt$16384$8$1$$"]) {
    expect(await verifyPassword("", hash)).toBe(false);
  }
});

it("refuses every password where there is no user", async () => {
  expect(await verifyNobody("anything", 1)).toBe(false);
});
