import { describe, expect, it } from "vitest";
import { parseForm } from "../../src/sandbox/core/form";
import { match } from "../../src/sandbox/core/matching";
import { Parameters } from "../../src/sandbox/core/parameters";

describe("forms", () => {
  it.each([
    ["a=1&b=two+words", { a: "1", b: "two words" }],
    ["a[b][c]=1&a[b][d]=2", { a: { b: { c: "1", d: "2" } } }],
    ["line_items[0][quantity]=1&line_items[1][quantity]=2", { line_items: [{ quantity: "1" }, { quantity: "2" }] }],
    ["expand[]=a&expand[]=b", { expand: ["a", "b"] }],
    ["expand[0]=a.b&expand[1]=c", { expand: ["a.b", "c"] }],
    ["metadata[a%5Bb]=1", { metadata: { "a[b": "1" } }],
    ["a=1&a[b]=2", { a: { b: "2" } }],
    ["metadata[]=", { metadata: [""] }],
    ["", {}],
  ])("%s", (text, form) => {
    expect(parseForm(text)).toEqual(form);
  });

  it("have no way to reach a prototype", () => {
    parseForm("__proto__[polluted]=1&constructor[prototype][polluted]=1");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("are refused when they are nested without end", () => {
    expect(() => parseForm(`a${"[b]".repeat(30)}=1`)).toThrow("nested deeper");
  });
});

describe("parameters", () => {
  const parameters = (text: string) => new Parameters(parseForm(text));

  it.each([
    ["amount=0", "amount"],
    ["amount=-1", "amount"],
    ["amount=1.5", "amount"],
    ["amount=1e3", "amount"],
    ["amount=1000000000000", "amount"],
    ["amount=9007199254740993", "amount"],
    ["amount[x]=1", "amount"],
    ["other=1", "amount"],
  ])("refuse %s as an amount", (text, param) => {
    expect(() => parameters(text).requiredAmount("amount")).toThrow(
      expect.objectContaining({ status: 400, kept: false, body: expect.objectContaining({ param }) }),
    );
  });

  it("name what is nested as Stripe does", () => {
    const [item] = parameters("line_items[0][price_data][currency]=euro").items("line_items");
    expect(() => item?.child("price_data").currency()).toThrow(
      expect.objectContaining({ body: expect.objectContaining({ param: "line_items[0][price_data][currency]" }) }),
    );
  });

  it("hold metadata to Stripe's limits, and merge it as Stripe does", () => {
    expect(() => parameters(`metadata[${"k".repeat(41)}]=v`).metadata()).toThrow("40");
    expect(() => parameters(`metadata[k]=${"v".repeat(501)}`).metadata()).toThrow("500");
    const many = Array.from({ length: 51 }, (_, index) => `metadata[k${index}]=v`).join("&");
    expect(() => parameters(many).metadata()).toThrow("50");
    expect(parameters("metadata[a]=2&metadata[b]=").mergedMetadata({ a: "1", b: "1", c: "1" })).toEqual({
      a: "2",
      c: "1",
    });
    expect(parameters("metadata=").mergedMetadata({ a: "1" })).toEqual({});
    expect(parameters("").mergedMetadata({ a: "1" })).toEqual({ a: "1" });
  });
});

describe("patterns", () => {
  it.each([
    ["POST /v1/transfers", "POST", "/v1/transfers", []],
    ["POST /v1/transfers/*/reversals", "POST", "/v1/transfers/tr_1/reversals", ["tr_1"]],
    ["GET /v1/transfers/*/reversals/*", "GET", "/v1/transfers/tr_1/reversals/trr_2", ["tr_1", "trr_2"]],
    ["GET /v1/charges/*", "GET", "/v1/charges/%zz", ["%zz"]],
    ["POST /v1/transfers", "GET", "/v1/transfers", null],
    ["POST /v1/transfers", "POST", "/v1/transfers/tr_1", null],
    ["POST /v1/transfers/*", "POST", "/v1/transfers", null],
    ["POST /v1/transfers/*", "POST", "/v1/transfers/tr_1/reversals", null],
  ])("%s against %s %s", (pattern, method, path, stars) => {
    expect(match(pattern, method, path)).toEqual(stars);
  });
});
