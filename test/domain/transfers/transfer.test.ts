import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, makeId } from "../../../src/domain/id";
import { enter, type Machine, step } from "../../../src/domain/machine";
import {
  isOver,
  type Party,
  referenceOf,
  type TransferState,
  type TransferTransition,
  transferMachine,
  transferStates,
} from "../../../src/domain/transfers/transfer";

/** The same table, typed for all parties. */
const machine: Machine<TransferTransition, TransferState, Party, string> = transferMachine;
const parties: Party[] = ["sender", "receiver", "clock"];
const transitions = Object.keys(transferMachine) as TransferTransition[];

/** The whole product, decided by hand: everything else must be refused. */
const decided = `
  AWAITING_ACCEPTANCE accept -> COMPLETED receiver
  AWAITING_ACCEPTANCE reject -> REJECTED  receiver
  AWAITING_ACCEPTANCE cancel -> CANCELLED sender
  AWAITING_ACCEPTANCE expire -> EXPIRED   clock`;

describe("transfer", () => {
  const expected = new Map(
    decided
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .map(([from, name, , to, who]) => [`${from} ${name} ${who}`, to]),
  );
  const product = transferStates.flatMap((state) =>
    transitions.flatMap((name) => parties.map((party) => ({ state, name, party }))),
  );

  it.each(product)("$state × $name × $party", ({ state, name, party }) => {
    const to = expected.get(`${state} ${name} ${party}`);
    expect(step(machine, name, state, party)?.to).toBe(to);
    const moved = () => enter(machine, name, state, party);
    if (to === undefined) expect(moved).toThrow("is not allowed");
    else expect(moved()).toBe(to);
  });

  it("moves money in one way only, tells the sender of every end, and the receiver of one that it did not make", () => {
    const effects = transitions.map((name) => [name, [...transferMachine[name].effects]]);
    expect(Object.fromEntries(effects)).toEqual({
      accept: ["move-money", "notify-sender"],
      reject: ["notify-sender"],
      cancel: ["notify-receiver", "notify-sender"],
      expire: ["notify-sender"],
    });
  });

  it("is over at the moment of its expiry, not after it", () => {
    expect([999, 1_000, 1_001].map((atMs) => isOver({ expiresAt: 1_000 }, atMs))).toEqual([false, true, true]);
  });
});

describe("a reference", () => {
  const ids = fc
    .tuple(fc.nat(2 ** 46), fc.nat(4095), fc.uint8Array({ minLength: 9, maxLength: 9 }))
    .map(([time, bucket, random]) => makeId(time, bucket, random));

  it("has the documented form, and says where its transfer lives", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const [, home = ""] = /^TXN-\d{8}-([0-9A-F]{3})[0-9A-Z]{5}$/.exec(referenceOf(id)) ?? [];
        expect(Number.parseInt(home, 16)).toBe(bucketOf(id));
      }),
    );
  });

  it("is made of the random bits: of the lowest and of the highest", () => {
    const time = 1_795_180_917_000;
    const none = makeId(time, 0xabc, new Uint8Array(9));
    const all = makeId(time, 0xabc, new Uint8Array(9).fill(0xff));
    expect(referenceOf(none)).toBe("TXN-00000000-ABC00000");
    // 2^60 − 1 = 1152921504606846975: its last 8 digits, then the rest modulo 36^5 in base 36.
    const rest = 11_529_215_046n % 36n ** 5n;
    expect(referenceOf(all)).toBe(`TXN-06846975-ABC${rest.toString(36).toUpperCase().padStart(5, "0")}`);
  });

  it("differs between ten thousand transfers of one millisecond and one shard", () => {
    const references = Array.from({ length: 10_000 }, () =>
      referenceOf(makeId(0, 7, crypto.getRandomValues(new Uint8Array(9)))),
    );
    expect(new Set(references).size).toBe(references.length);
  });
});
