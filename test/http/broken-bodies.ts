/** Bodies that no route accepts, and how each is refused. */
export const brokenBodies = [
  ["malformed JSON", "{", 400],
  ["JSON nested without end", "[".repeat(8_000), 400],
  ["broken UTF-8 in place of text", '{"a":"\u{d800}"', 400],
  ["a body too large", `{"a":"${"x".repeat(64 * 1024)}"}`, 413],
  ["an array in place of an object", "[]", 400],
  ["a text in place of an object", '"text"', 400],
  ["null in place of an object", "null", 400],
] as const;
