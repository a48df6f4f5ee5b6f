import { describe, expect, it } from "vitest";
import { blank, InexactNumber, parseBody } from "../../src/http/exact-json";
import { canonicalJson } from "../../src/http/idempotency-key";
import { findWrongStructure } from "../../src/http/json-structure";

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

it("trims texts, except passwords, and keeps blank ones apart from what was left out", () => {
  const body =
    '{"name":"  Jana ","line2":"","mark":"\\u202a\\u200b","list":[" a "," "],"password":" x ","passwordConfirmation":" "}';
  expect(parseBody(body)).toEqual({
    name: "Jana",
    line2: blank,
    mark: blank,
    list: ["a", blank],
    password: " x ",
    passwordConfirmation: " ",
  });
});

it("leaves metadata as it was sent, and trims beside it", () => {
  const metadata = { text: " x ", blank: "", list: [" a "], deep: { price: 0.1 }, none: null };
  const body = `{"name":" Jana ","metadata":${JSON.stringify(metadata)}}`;
  expect(parseBody(body)).toEqual({ name: "Jana", metadata });
  expect(JSON.stringify(parseBody('{"metadata":{"__proto__":{"a":1}}}'))).toBe('{"metadata":{"__proto__":{"a":1}}}');
  expect(parseBody('{"metadata":" x ","other":{"metadata":" y "}}')).toEqual({
    metadata: "x",
    other: { metadata: "y" },
  });
});

it.each(["0.1000000000000000055", "9007199254740993", "1.50", "1e2", "-0"])(
  "tells that %s in metadata would be given back otherwise",
  (text) => expect(parseBody(`{"metadata":{"n":[${text}]}}`)).toEqual({ metadata: { n: [new InexactNumber(text)] } }),
);

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

describe("the structure", () => {
  const wrong = (text: string) => findWrongStructure(text)?.message;
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  it("is at most twenty levels deep", () => {
    expect(wrong(nested(20))).toBeUndefined();
    expect(wrong(nested(21))).toBe("must not be nested deeper than 20 levels");
    expect(findWrongStructure(`{"x":1,"a":{"b":${"[".repeat(30_000)}`)?.path).toEqual(["a"]);
    expect(wrong(`{"a":"${"[".repeat(30)}","b":"\\"${"{".repeat(30)}"}`)).toBeUndefined();
  });

  it("leaves texts that never end to the parser, and reads each sign of them once", () => {
    for (const end of ["", "\\", ":"]) expect(wrong(`{"${'\\"'.repeat(500_000)}${end}`)).toBeUndefined();
  });

  it("has each member once", () => {
    expect(wrong('{"amount":1,"amount":2}')).toBe("must not be sent twice");
    expect(wrong('{"a":"x\\":","b":{"a":1}}')).toBeUndefined();
    expect(wrong('{"amount":1,"\\u0061mount":2}')).toBe("must not be sent twice");
    expect(findWrongStructure('{"a":1,"b":[{"c":1},{"c":2,"d":{"c":3},"c":4}]}')?.path).toEqual(["b"]);
    expect(wrong('{"a":{"c":1},"b":[{"c":1},{"c":2}],"c":"a"}')).toBeUndefined();
  });

  it("is looked through in time", () => {
    const began = Date.now();
    wrong(`{${Array.from({ length: 9_000 }, (_, at) => `"${at}":[]`).join()}}`);
    wrong('"'.repeat(64_000));
    wrong(`"${"\\\\".repeat(32_000)}`);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});
