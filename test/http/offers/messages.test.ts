import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { refusalsOf } from "../../../src/domain/refusal";
import { acceptDialect } from "../../../src/http/offers/accept-dialect";
import { offersDialect } from "../../../src/http/offers/dialect";
import * as fields from "../../../src/http/offers/fields";
import { explain, nameOf, summaryOf } from "../../../src/http/offers/issue-messages";
import { loadNumberingPlans } from "../../../src/http/offers/phone";

function messagesFor(schema: z.ZodType, value: unknown) {
  const parsed = z.object({ someField: schema }).safeParse({ someField: value }, { reportInput: true });
  return parsed.success ? [] : (explain(parsed.error.issues).errors.someField ?? []);
}

it("counts messages, not inputs", () => {
  expect(summaryOf(["First."])).toBe("First.");
  expect(summaryOf(["First.", "Second."])).toBe("First. (and 1 more error)");
  expect(summaryOf(["First.", "Second.", "Third."])).toBe("First. (and 2 more errors)");
});

it("splits the names of inputs into words", () => {
  expect(nameOf("termsAgreed")).toBe("terms agreed");
  expect(nameOf("billingAddress.postalCode")).toBe("billing address.postal code");
  expect(nameOf("regions.0")).toBe("regions.0");
});

describe("messages", () => {
  const required = "The some field field is required.";
  it.each([
    [fields.text(), undefined, [required]],
    [fields.text(), null, [required]],
    [fields.text(), 1, ["The some field field must be a string."]],
    [fields.text(), "ľ".repeat(255), []],
    [fields.text(), "👍".repeat(255), []],
    [fields.text(), "ľ".repeat(256), ["The some field field must not be greater than 255 characters."]],
    [fields.email(), "jana", ["The some field field must be a valid email address."]],
    [
      fields.password(),
      "abc",
      ["The some field field must be at least 8 characters.", "The some field field must contain at least one number."],
    ],
    [fields.password(), "12345678", ["The some field field must contain at least one letter."]],
    [fields.accepted(), undefined, ["The some field field must be accepted."]],
    [fields.accepted(), false, ["The some field field must be accepted."]],
    [fields.accepted(), "yes", ["The some field field must be accepted."]],
    [z.boolean(), "true", ["The some field field must be true or false."]],
    [fields.integer(1, 31), 0, ["The some field field must be between 1 and 31."]],
    [fields.integer(1, 31), 1.5, ["The some field field must be an integer."]],
    [fields.integer(1, 31), "1", ["The some field field must be an integer."]],
    [fields.integer(1, 31), null, [required]],
    [fields.country(), "SK", []],
    [fields.country(), "sk", ["The selected some field is invalid."]],
    [fields.country(), "XX", ["The selected some field is invalid."]],
    [fields.country(), "SVK", ["The some field field must be 2 characters."]],
    [fields.region(), "xx", ["The selected some field is invalid."]],
    [fields.regionList(), [], [required]],
    [fields.regionList(), ["ba", "xx"], []],
    [fields.iban(), "SK31 1200 0000 1987 4263 7541", []],
    [fields.iban(), "SK3112000000198742637542", ["The some field field must be a valid Slovak IBAN."]],
    [fields.iban(), "DE89370400440532013000", ["The some field field must be a valid Slovak IBAN."]],
    [fields.address(), "x", ["The some field field must be an array."]],
    [fields.price(), 149.5, []],
    [fields.price(), 1, []],
    [fields.price(), 1_000_000, []],
    [fields.price(), 0.99, ["The some field field must be at least 1."]],
    [fields.price(), -5, ["The some field field must be at least 1."]],
    [fields.price(), 1_000_000.01, ["The some field field must not be greater than 1000000."]],
    [fields.price(), 10.505, ["The some field field must have 0-2 decimal places."]],
    [fields.price(), "10.50", ["The some field field must be a number."]],
    [fields.price(), null, [required]],
  ] as const)("%#: %o", (schema, value, messages) => {
    expect(messagesFor(schema as z.ZodType, value)).toEqual(messages);
  });
});

describe("phones", () => {
  beforeAll(() =>
    loadNumberingPlans({ document: async (path) => (await env.ASSETS.fetch(`https://assets${path}`)).json() }),
  );

  it.each(["+421901234567", "+421 901 234 567", "+421-901-234-567", "+420 601 123 456", "+36 20 123 4567"])(
    "%s is a number",
    (text) => {
      expect(fields.phone().parse(text)).toBe(text.replace(/[ -]/g, ""));
    },
  );
  it.each([
    "0901234567",
    "00421901234567",
    "421901234567",
    "+421",
    "+4219012345678901",
    "+999123456789",
    "phone",
    "+421 12",
  ])("%s is none", (text) => {
    expect(messagesFor(fields.phone(), text)).toEqual(["The some field field must be a valid number."]);
  });
});

it("words every refusal, and accept words every session alike", () => {
  for (const refusal of refusalsOf(["common", "offers"])) {
    expect(offersDialect.refusals[refusal].text).not.toBe("");
    const { status, text } = acceptDialect.refusals[refusal];
    if (refusal.startsWith("session_") || refusal.startsWith("payment_")) {
      expect([status, text]).toEqual([422, "Invalid session ID or payment not completed."]);
    }
  }
});

it("calls a refusal of another contract a fault of ours, without its name", () => {
  for (const refusal of refusalsOf(["webhooks", "payments"])) {
    const { status, text, code } = offersDialect.refusals[refusal];
    expect([status, text, code]).toEqual([500, "An unexpected error occurred.", "failed"]);
  }
});
