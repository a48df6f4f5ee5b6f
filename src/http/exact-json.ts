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

/** Members in which leading and trailing spaces are part of the value. */
const untrimmed = new Set(["password", "passwordConfirmation"]);

/**
 * Parses a JSON body: numbers by their text, texts trimmed, empty ones null. A caller's `metadata` stays as it was
 * sent. Throws on malformed JSON, on texts that no Unicode can write (half of a surrogate pair: the database would keep
 * another text), and on too deep nesting.
 */
export function parseBody(text: string, { keepsExponents = false } = {}): unknown {
  const body = (JSON.parse as ParseWithSource)(text, (member, value, { source }) => {
    if (typeof value === "number" && source !== undefined) {
      return keepsExponents && /e/i.test(source) ? new InexactNumber(source) : exact(value, source);
    }
    return typeof value === "string" ? tidy(member, value) : value;
  });
  return hasMetadata(body) ? { ...body, metadata: JSON.parse(text).metadata } : body;
}

function tidy(member: string, value: string): string | null {
  if (!value.isWellFormed()) throw new SyntaxError("a text is not well-formed Unicode");
  return untrimmed.has(member) ? value : value.trim() || null;
}

function hasMetadata(body: unknown): body is { metadata: object } {
  const metadata = (body as { metadata?: unknown } | null)?.metadata;
  return typeof metadata === "object" && metadata !== null;
}

type ParseWithSource = (
  text: string,
  reviver: (member: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

function exact(value: number, source: string): number | InexactNumber {
  return canonical(String(value)) === canonical(source) ? value : new InexactNumber(source);
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
