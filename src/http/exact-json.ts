/**
 * A number in a body that a double cannot hold, or, if the contract demands it, one with an exponent. Its text is kept,
 * so that nothing rounds it by accident (src/guides/decisions.md#amounts).
 */
export class InexactNumber {
  constructor(readonly text: string) {}
}

/** Returns the text of a number, as it was sent if a double cannot hold it; undefined if the value is no number. */
export function numberText(value: unknown): string | undefined {
  if (value instanceof InexactNumber) return value.text;
  return typeof value === "number" ? String(value) : undefined;
}

/**
 * Stands for a text without any visible character. No schema takes it for a text, so that an input that was left empty
 * by mistake is never read as one that was left out (src/guides/decisions.md#strict-input).
 */
export const blank = Symbol("blank");

/** Spaces, controls and characters that no reader sees, such as the marks of a writing direction. */
const invisible = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

export function isBlank(text: string): boolean {
  return invisible.test(text);
}

/** Members in which leading and trailing spaces are part of the value. */
const untrimmed = new Set(["password", "passwordConfirmation"]);

/** Objects of the caller's own members, which are kept as they were sent. */
const freeForm = new Set(["metadata", "properties"]);

/** How to read texts and numbers. */
interface Reading {
  keepsExponents?: boolean;
  /** Whether the value is within an object of the caller's own members. */
  asSent?: boolean;
}

/**
 * Parses a JSON body: numbers by their text, texts trimmed, blank ones as `blank`. Objects of the caller's own members
 * stay as they were sent. Throws on malformed JSON, and on texts that no Unicode can write (half of a surrogate pair:
 * the database would keep another text). The nesting must have been checked before.
 */
export function parseBody(text: string, { keepsExponents = false } = {}): unknown {
  const parsed = (JSON.parse as ParseWithSource)(text, (_, value, { source }) =>
    typeof value === "number" && source !== undefined ? new InexactNumber(source) : value,
  );
  return tidy("", parsed, { keepsExponents });
}

type ParseWithSource = (
  text: string,
  reviver: (member: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

function tidy(member: string, value: unknown, reading: Reading): unknown {
  if (value instanceof InexactNumber) return tidyNumber(value, reading);
  if (typeof value === "string") return tidyText(member, value, reading);
  if (Array.isArray(value)) return value.map((item) => tidy("", item, reading));
  if (typeof value !== "object" || value === null) return value;
  const asSent = reading.asSent || freeForm.has(member);
  // Also a member named __proto__ becomes one of the object's own.
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, tidy(name, inner, { ...reading, asSent })]),
  );
}

function tidyText(member: string, text: string, { asSent }: Reading): string | typeof blank {
  if (!text.isWellFormed()) throw new SyntaxError("a text is not well-formed Unicode");
  if (asSent) return text;
  if (untrimmed.has(member)) return text === "" ? blank : text;
  return isBlank(text) ? blank : text.trim();
}

/** Returns a number that means, or, where it is given back as it was sent, is printed as what was sent. */
function tidyNumber(sent: InexactNumber, { keepsExponents, asSent }: Reading): number | InexactNumber {
  const value = Number(sent.text);
  if (asSent) return String(value) === sent.text ? value : sent;
  if (keepsExponents && /e/i.test(sent.text)) return sent;
  return canonical(String(value)) === canonical(sent.text) ? value : sent;
}

/** Returns a decimal text as digits and exponent, without insignificant zeros: "1.50", "15e-1" → "15e-1". */
function canonical(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text; // Infinity: larger than any double
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
