import { describe, expect, it } from "vitest";
import * as z from "zod";
import { refusalsOf } from "../../../src/domain/refusal";
import { InexactNumber, parseBody } from "../../../src/http/exact-json";
import { findCardNumbers } from "../../../src/http/payments/card-numbers";
import { paymentsDialect } from "../../../src/http/payments/dialect";
import { amount, currency, orderId } from "../../../src/http/payments/fields";
import { explain } from "../../../src/http/payments/issue-messages";
import { printRefusal } from "../../../src/http/print-error";

const asked = { requestId: "request-0001", method: "POST", url: "http://localhost/api/v1/refunds?x=1", atMs: 0 };
const print = async (...[refusal, detail, facts]: [string, string?, Record<string, unknown>?]) => {
  const named = { refusal, ...(detail ? { detail } : {}), ...(facts ? { facts } : {}) };
  const response = printRefusal(paymentsDialect as never, named as never, asked);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe("the two envelopes", () => {
  it("one text with 401, 402, 409 and 500", async () => {
    expect((await print("account_foreign")).text).toBe(
      '{"detail":"Not the Owner of account","code":"account_foreign","requestId":"request-0001"}',
    );
    for (const refusal of ["card_declined", "payment_exists"]) {
      expect(Object.keys(JSON.parse((await print(refusal)).text))).toEqual(["detail", "code", "requestId"]);
    }
  });

  it("what was asked with every other", async () => {
    expect((await print("refund_unknown")).text).toBe(
      '{"error":"Not Found","meta":{"success":false,"status_code":404,"request_method":"POST","request_path":"http://localhost/api/v1/refunds?x=1"},"details":{"message":"Refund not found"},"code":"refund_unknown","requestId":"request-0001"}',
    );
    const unavailable = await print("stripe_unavailable", "connect ECONNREFUSED 10.0.0.1");
    expect([unavailable.status, unavailable.headers.get("Retry-After")]).toEqual([503, "10"]);
    expect(unavailable.text).not.toContain("ECONNREFUSED");
  });

  it("facts after the code, in the contract's spelling", async () => {
    const { text } = await print("card_declined", "Your card was declined.", { declineCode: "lost_card" });
    expect(text).toBe(
      '{"detail":"Your card was declined.","code":"card_declined","decline_code":"lost_card","requestId":"request-0001"}',
    );
  });

  it("the inputs that a refusal names, each with its message", async () => {
    const { status, text } = await print("terms_differ", undefined, { fields: ["amount", "currency"] });
    expect(status).toBe(422);
    expect(JSON.parse(text).details).toEqual({
      message: "amount does not match the order",
      errors: { amount: ["amount does not match the order"], currency: ["currency does not match the order"] },
    });
  });

  it("say something about every refusal of their own", () => {
    for (const refusal of refusalsOf(["common", "payments"])) {
      expect(paymentsDialect.refusals[refusal].text).not.toBe("");
      expect(paymentsDialect.refusals[refusal].status).not.toBe(500);
    }
  });

  it("call a refusal of another contract a fault of ours, without its name", async () => {
    for (const refusal of refusalsOf(["webhooks", "offers"])) {
      const { status, text } = await print(refusal, "a detail", { fact: 1 });
      expect(status).toBe(500);
      expect(text).not.toContain(refusal);
      expect(text).not.toContain("a detail");
    }
  });
});

describe("messages", () => {
  const told = (schema: z.ZodType, value: unknown) =>
    explain(schema.safeParse(value, { reportInput: true }).error?.issues ?? []);

  it("begin with the name of the input, the first of them is the text", () => {
    const schema = z.object({ id: z.string().max(3), type: z.enum(["card", "token"]), preferred: z.boolean() });
    expect(told(schema, { id: "abcd", type: "bank" })).toEqual({
      text: "id must be at most 3 characters long",
      errors: {
        id: ["id must be at most 3 characters long"],
        type: ["type must be one of: card, token"],
        preferred: ["preferred is required"],
      },
    });
    expect(told(schema, { id: 1, type: null, preferred: "yes" }).errors).toEqual({
      id: ["id must be a string"],
      type: ["type must not be null"],
      preferred: ["preferred must be true or false"],
    });
  });
});

describe("amounts", () => {
  const field = amount();
  const parse = (text: string) => field.safeParse((parseBody(`{"a":${text}}`) as { a: unknown }).a).data;

  it.each([
    ["1", 1],
    ['"50"', 50],
    ["999999999999", 999_999_999_999],
    ['"99999999"', 99_999_999],
    ["1000.0", 1000],
    ["1e3", 1000],
    ['" 1000 "', 1000],
  ])("%s is one", (text, minor) => expect(parse(text)).toBe(minor));

  it.each([
    "0",
    '"0"',
    "1000000000000",
    "50.5",
    '"50.5"',
    '"1e3"',
    "-1000",
    '"-1000"',
    "1e400",
    "1000.0000000000000001",
    "12345678901234567890",
    '"12345678901234567890"',
    '"１０００"',
    '"0x64"',
    "true",
    "[1000]",
    "{}",
    '""',
    "null",
  ])("%s is none", (text) => expect(parse(text)).toBeUndefined());

  it("are told apart from missing ones", () => {
    const message = (value: unknown) => field.safeParse(value).error?.issues[0]?.message;
    expect(message(undefined)).toBe("is required");
    expect(message(new InexactNumber("1e400"))).toMatch(/^must be an integer from 1 to 999999999999/);
  });
});

describe("currencies and orders", () => {
  it("are known ones, in any case", () => {
    expect(["USD", "eur", "Jpy"].map((code) => currency().safeParse(code).data)).toEqual(["usd", "eur", "jpy"]);
    expect(["xyz", "us", "dollar", "", "xau", "irr"].filter((code) => currency().safeParse(code).success)).toEqual([]);
  });

  it("have names that can be printed", () => {
    const named = ["2227222", "a b", "Objednávka-7", "b8a1c0de-0000-4000-8000-000000000000", "x".repeat(255), "/?#%"];
    expect(named.filter((name) => !orderId().safeParse(name).success)).toEqual([]);
    const unnamed = ["", " a", "a ", "a\nb", "a\u0000", "\u200b", "x".repeat(256)];
    expect(unnamed.filter((name) => orderId().safeParse(name).success)).toEqual([]);
  });
});

describe("card numbers", () => {
  const found = (value: unknown) => findCardNumbers(value).map(({ path }) => path.join("."));

  it.each([
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "3782 822463 10005",
    "4242.4242.4242.4242",
    "4242–4242–4242–4242",
    "4242\u00a04242\u00a04242\u00a04242",
    "4242\u200b4242\u200b4242\u200b4242",
    "４２４２４２４２４２４２４２４２",
    "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
    "order-4242424242424242",
    "4242 4242 4242 4242 12/34 123",
    "2223 0031 2200 3222",
    "6200000000000005",
    "3566002020360505",
    "36227206271667",
    "4222222222222",
    "6304000000000000000",
    "my card is 5555555555554444, thanks",
    "card: 5555 5555 5555 4444",
    4242424242424242,
  ])("%s is one", (value) => expect(found({ a: value })).toEqual(["a"]));

  it.each([
    "4242424242424241",
    "424242424242",
    "42424242424242424242",
    "pi_4242424242424242",
    "order4242424242424242",
    "42424242-4242-4242-8242-424242424242",
    "5678901234508",
    "9424242424242420",
    "2026-11-30 12:34:56.789",
    "0901 234 567, 0902 345 678",
    "1000",
    1000,
    true,
    null,
  ])("%s is none", (value) => expect(found({ a: value })).toEqual([]));

  it("is not a time in milliseconds, whatever its check digit", () => {
    expect(found({ order_id: "1732112345670", other: "1732112345688" })).toEqual([]);
  });

  it("are found at any depth, and not repeated", () => {
    const issues = findCardNumbers({ a: [{ b: "4242424242424242" }], c: "x" });
    expect(issues.map(({ path }) => path.join("."))).toEqual(["a.0.b"]);
    expect(JSON.stringify(issues)).not.toContain("4242");
    expect(findCardNumbers({ a: { "4242424242424242": 1 } }).map(({ path }) => path.join("."))).toEqual(["a"]);
  });

  it("are not looked for in ids, which a caller makes as it likes", () => {
    expect(found({ order_id: "4242424242424242", external_id: "5678901234508" })).toEqual([]);
    expect(found({ metadata: { order_id: "4242424242424242" } })).toEqual(["metadata.order_id"]);
    const others = ["payment_method_id", "transaction_id", "account_id", "app_id"];
    for (const name of others) expect(found({ [name]: "4242424242424242" })).toEqual([name]);
  });

  it("are looked for in groups of any number and length", () => {
    const long = `${"6".repeat(100)} `.repeat(600);
    expect(found({ a: "1 ".repeat(30_000), b: "1".repeat(30_000), c: long })).toEqual([]);
    expect(found({ a: `${"1 ".repeat(30_000)}4242 4242 4242 4242` })).toEqual(["a"]);
  });
});
