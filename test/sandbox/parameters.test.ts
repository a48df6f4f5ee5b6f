import { describe, expect, it } from "vitest";
import { parametersError } from "../../src/sandbox/parameters";
import { probes } from "../stripe/oracle/probes";

describe("Stripe's parameters, checked inside workerd", () => {
  it.each(probes)("$method $path: $name", ({ method, path, form, refused }) => {
    const error = parametersError(method, path, form);

    expect(error && { code: error.code, param: error.param }).toEqual(refused);
  });
});

describe("what the refusal says", () => {
  const says = (path: string, form: Record<string, unknown>) => parametersError("POST", path, form)?.message;
  const intent = { amount: "100", currency: "eur" };

  it("names the parameter in brackets", () => {
    expect(says("/v1/checkout/sessions", { line_items: [{ colour: "red" }] })).toBe(
      "Received unknown parameter: line_items[0][colour]",
    );
    expect(says("/v1/payment_intents", { amount: "100" })).toBe("Missing required param: currency.");
  });

  it("repeats the value", () => {
    expect(says("/v1/payment_intents", { ...intent, amount: "10.5" })).toBe("Invalid integer: 10.5");
    expect(says("/v1/payment_intents", { ...intent, amount: "1e+21" })).toBe("Invalid integer: 1e+21");
    expect(says("/v1/payment_intents", { ...intent, confirm: "yes" })).toBe("Invalid boolean: yes");
    expect(says("/v1/payment_intents", { ...intent, currency: ["eur"] })).toBe('Invalid string: ["eur"]');
  });

  it("lists an enum's members", () => {
    expect(says("/v1/refunds", { reason: "regret" })).toBe(
      "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
    );
  });

  it("explains the empty string", () => {
    expect(says("/v1/payment_intents", { ...intent, amount: "" })).toMatch(
      /^You passed an empty string for 'amount'\. We assume empty values are an attempt to unset/,
    );
  });
});
