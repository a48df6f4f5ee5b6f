import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isFullSize } from "../../full-size";
import type { Tenant } from "../../transfers-journey";
import { callRaw, journey } from "../checked";
import { walk } from "./world";

const runs = isFullSize ? 40 : 15; // below the 60 initiations a minute

let sender: Tenant;
let receiver: Tenant;

beforeAll(async () => {
  await journey.reset();
  [sender, receiver] = [await walk.tenant(), await walk.tenant()];
});

/** The body is a text, so that the number is sent exactly as written. */
const initiate = (amount: string) =>
  callRaw("POST", "/api/v1/transactions", {
    token: sender.token,
    body: `{"senderTag":"${sender.tag}","receiverTag":"${receiver.tag}","amount":${amount}}`,
  });

/** Returns every number under this name, exactly as written in an answer. */
const numbersIn = (text: string, member: string) =>
  [...text.matchAll(new RegExp(`"${member}":([^,}]+)`, "g"))].map(([, number]) => number);

const decimals = (scale: number) => fc.stringMatching(new RegExp(`^[0-9]{${scale}}$`));
const whole = fc.oneof(
  fc.nat(9),
  fc.nat(100_000_000),
  fc.integer({ min: 900_719_925_400, max: 900_719_925_473 }), // the largest amounts
);
const plain = fc.oneof(
  whole.map((units) => (units === 0 ? "1" : `${units}`)),
  fc
    .tuple(
      whole,
      fc.integer({ min: 1, max: 4 }).chain((scale) => decimals(scale)),
    )
    .map(([units, fraction]) => `${units}.${fraction}`)
    .filter((text) => Number(text) > 0.0001),
  fc.constantFrom("0.0002", "900719925474.0991", "900719925474.0990", "0.3", "8.0003", "0.1000"),
);

/** Trailing zeros do not count: all other digits must be those that were sent. */
const withoutZeros = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

describe("an amount", () => {
  it("is read back as it was sent, digit for digit, wherever it is shown", async () => {
    await fc.assert(
      fc.asyncProperty(plain, async (sent) => {
        const { status, text, body } = await initiate(sent);
        expect([status, numbersIn(text, "amount")]).toEqual([201, [withoutZeros(sent)]]);
        const { reference } = body.data;
        for (const by of [sender, receiver]) {
          const read = await callRaw("GET", `/api/v1/transactions/${reference}`, { token: by.token });
          expect(numbersIn(read.text, "amount")).toEqual([withoutZeros(sent)]);
        }
      }),
      { numRuns: runs },
    );
  });

  it("is what both wallets have moved by, digit for digit", async () => {
    const [from, to] = [await walk.tenant(), await walk.tenant()];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 10 ** 13 }), async (units) => {
        const [balance] = numbersIn((await walletText(to)) ?? "", "balance");
        const amount = `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, "0")}`;
        const asked = await callRaw("POST", "/api/v1/transactions", {
          token: from.token,
          body: `{"senderTag":"${from.tag}","receiverTag":"${to.tag}","amount":${amount}}`,
        });
        expect((await walk.accept(to, asked.body.data)).status).toBe(200);
        const ledger = await callRaw("GET", "/api/v1/wallet/ledger?size=1", { token: to.token });
        expect(numbersIn(ledger.text, "amount")).toEqual([withoutZeros(amount)]);
        const [after = ""] = numbersIn((await walletText(to)) ?? "", "balance");
        expect(unitsOf(after) - unitsOf(balance ?? "0")).toBe(BigInt(units));
        const [owing = ""] = numbersIn((await walletText(from)) ?? "", "balance");
        expect(unitsOf(owing)).toBe(-unitsOf(after));
      }),
      { numRuns: runs },
    );
  });

  it("is refused with a fifth decimal, an exponent or a sign, as nothing, and beyond what can be counted", async () => {
    const bad = fc.oneof(
      fc
        .tuple(whole, decimals(4), fc.integer({ min: 1, max: 9 }))
        .map(([units, most, last]) => `${units}.${most}${last}`),
      fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: -3, max: 9 })).map(([n, shift]) => `${n}e${shift}`),
      plain.map((text) => `-${text}`),
      fc.constantFrom("0", "0.0", "0.0000", "-0", "0.0001", "900719925474.0992", "9007199254740993"),
      fc.integer({ min: 900_719_925_475, max: Number.MAX_SAFE_INTEGER }).map(String),
    );
    const count = async () => (await walk.must(sender, "GET", "/transactions/sent?size=1")).totalElements;
    await journey.advance(61);
    const before = await count();
    await fc.assert(
      fc.asyncProperty(bad, async (sent) => {
        const { status, body } = await initiate(sent);
        expect([status, body.errorCode], sent).toEqual([400, "VALIDATION_ERROR"]);
      }),
      { numRuns: runs },
    );
    expect(await count()).toBe(before);
  });
});

const walletText = async (tenant: Tenant) => (await callRaw("GET", "/api/v1/wallet", { token: tenant.token })).text;

/** Converts "-12.5" to -125000n. */
function unitsOf(text: string): bigint {
  const [, sign, whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const units = BigInt(whole + fraction.padEnd(4, "0"));
  return sign === "-" ? -units : units;
}
