import { describe, expect, it } from "vitest";
import { isAppHandle, qualifiedTag, readTagAddress, readTagName } from "../../../src/domain/transfers/tag";

describe("the name of a tag", () => {
  it.each([
    ["alice", "alice"],
    ["@alice", "alice"],
    ["  @Alice ", "alice"],
    ["ALICE", "alice"],
    ["a-b_c.d", "a-b_c.d"],
    ["007", "007"],
    ["a".repeat(64), "a".repeat(64)],
  ])("%j is %j", (written, name) => {
    expect(readTagName(written)).toBe(name);
  });

  it.each([
    "",
    "@",
    "ab",
    "a".repeat(65),
    "@@alice",
    "@ alice",
    "al@ice",
    "alice@walletapp",
    ".alice",
    "alice-",
    "al ice",
    "al/ice",
    "ali\u0000ce",
    // Letters that look like others, or become them when they are lower-cased.
    "\u0430lice", // Cyrillic а
    "al\u0456ce", // Cyrillic і
    "\uff41lice", // fullwidth a
    "\u212aelvin", // Kelvin sign: lower-cased, an ASCII k
    "ma\u017fk", // long s: upper-cased, an ASCII S
    "\u0130stanbul", // I with a dot: lower-cased, two characters
    "ali\u0301ce", // combining accent
    "ali\u200bce", // zero width space
    "al\u0131ce", // dotless i
  ])("%j is none", (written) => {
    expect(readTagName(written)).toBeUndefined();
    expect(readTagAddress(written)?.name).toBe(written === "alice@walletapp" ? "alice" : undefined);
  });
});

describe("an address", () => {
  const here = { name: "alice" };
  const there = { name: "alice", appHandle: "walletapp" };
  it.each([
    ["alice", here],
    ["@alice", here],
    ["alice@walletapp", there],
    ["@alice@walletapp", there],
    ["  @ALICE@WalletApp  ", there],
  ])("%j", (written, address) => {
    expect(readTagAddress(written)).toEqual(address);
  });

  it.each([
    "alice@",
    "@alice@",
    "alice@wallet@app",
    "alice @walletapp",
    "alice@ walletapp",
    "alice@-wallet",
    "alice@wa",
    "alice@wallet_app",
    "alice@\u212aingdom",
    "@walletapp@",
    "@@walletapp",
  ])("%j is none", (written) => {
    expect(readTagAddress(written)).toBeUndefined();
  });

  it("of every tag is read back as it is shown", () => {
    expect(readTagAddress(qualifiedTag("a.b", "shop-app"))).toEqual({ name: "a.b", appHandle: "shop-app" });
  });
});

it.each([
  ["walletapp", true],
  ["w-1", true],
  ["1st", true],
  ["a".repeat(32), true],
  ["a".repeat(33), false],
  ["wa", false],
  ["-app", false],
  ["Wallet", false],
  ["wallet.app", false],
  ["wallet@app", false],
  ["", false],
])("%j is a handle: %j", (handle, is) => {
  expect(isAppHandle(handle)).toBe(is);
});
