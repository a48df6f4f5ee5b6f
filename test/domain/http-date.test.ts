import { expect, it } from "vitest";
import { parseHttpDate } from "../../src/domain/http-date";

const nowMs = Date.parse("2026-11-20T12:00:00Z");
const exampleMs = Date.parse("1994-11-06T08:49:37Z");

it.each([
  ["Sun, 06 Nov 1994 08:49:37 GMT", exampleMs],
  ["Sunday, 06-Nov-94 08:49:37 GMT", exampleMs],
  ["Sun Nov  6 08:49:37 1994", exampleMs],
])("takes the three forms of RFC 9110: %s", (text, expected) => expect(parseHttpDate(text, nowMs)).toBe(expected));

it("takes two digits for a year at most fifty ahead", () => {
  expect(parseHttpDate("Sunday, 01-Nov-76 00:00:00 GMT", nowMs)).toBe(Date.parse("2076-11-01"));
  expect(parseHttpDate("Tuesday, 01-Nov-77 00:00:00 GMT", nowMs)).toBe(Date.parse("1977-11-01"));
});

it.each([
  "later 2030",
  "06 Nov 1994",
  "1994-11-06T08:49:37Z",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 08:49:37 UTC",
  "Mon, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 24:00:00 GMT",
  "Wed, 30 Feb 1994 08:49:37 GMT",
  "Sunday, 06-Nov-1994 08:49:37 GMT",
  "Sun Nov 6 08:49:37 1994",
  "Sun Nov  6 08:49:37 1994 GMT",
  "",
])("takes nothing else: %j", (text) => expect(parseHttpDate(text, nowMs)).toBeUndefined());
