import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/http/canonical-json";
import { InexactNumber, parseBody } from "../../src/http/exact-json";

describe("numbers", () => {
  it.each([
    "0",
    "-0",
    "1",
    "149.5",
    "149.50",
    "0.1",
    "1e2",
    "1E+2",
    "100e-2",
    "9007199254740991",
    "1e21",
    "-12.34",
    "5e-7",
  ])("%s is what it says", (text) => {
    expect(parseBody(`{"n":${text}}`)).toEqual({ n: Number(text) });
  });

  it.each([
    "9007199254740993",
    "149.49999999999999999",
    "0.1000000000000000055",
    "1e400",
    "1e-400",
    "12345678901234567890.12",
  ])("%s is not rounded", (text) => {
    expect(parseBody(`{"n":${text}}`)).toEqual({ n: new InexactNumber(text) });
  });

  it.each(["1e2", "1E+2", "100e-2", "0e0"])("%s is kept as it is written where exponents matter", (text) => {
    expect(parseBody(`{"n":[${text}]}`, { keepsExponents: true })).toEqual({ n: [new InexactNumber(text)] });
    expect(parseBody('{"n":[100]}', { keepsExponents: true })).toEqual({ n: [100] });
  });
});

it("trims texts and makes empty ones null, except passwords", () => {
  const body =
    '{"name":"  Jana ","line2":"","blank":" ","list":[" a "," "],"password":" x ","passwordConfirmation":""}';
  expect(parseBody(body)).toEqual({
    name: "Jana",
    line2: null,
    blank: null,
    list: ["a", null],
    password: " x ",
    passwordConfirmation: "",
  });
});

it("leaves metadata as it was sent, and trims beside it", () => {
  const metadata = { text: " x ", blank: "", list: [" a "], deep: { price: 0.1 }, none: null };
  const body = `{"name":" Jana ","metadata":${JSON.stringify(metadata).replace("0.1", "0.1000000000000000055")}}`;
  expect(parseBody(body)).toEqual({ name: "Jana", metadata });
  expect(parseBody('{"metadata":" x ","other":{"metadata":" y "}}')).toEqual({
    metadata: "x",
    other: { metadata: "y" },
  });
});

it.each(['{"a":"\\ud800"}', '{"a":["x\\udc00"]}', '{"password":"\\ud83d"}', '{"metadata":{"a":"\\ud800x"}}'])(
  "refuses half of a surrogate pair: %s",
  (body) => {
    expect(() => parseBody(body)).toThrow(SyntaxError);
    expect(parseBody('{"a":"\\ud83d\\ude00"}')).toEqual({ a: "😀" });
  },
);

it("keeps a member named __proto__ to itself", () => {
  const body = parseBody('{"__proto__":{"admin":true}}') as { admin?: boolean };
  expect(body.admin).toBeUndefined();
});

it("prints equal values as one text", () => {
  expect(canonicalJson({ b: [1, { d: 1, c: null }], a: "x" })).toBe(
    canonicalJson({ a: "x", b: [1, { c: null, d: 1 }] }),
  );
  expect(canonicalJson({ a: 1 })).not.toBe(canonicalJson({ a: "1" }));
});
