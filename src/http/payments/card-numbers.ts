import type { Issue } from "../dialect";
import { InexactNumber, numberText } from "../exact-json";

/**
 * Finds card numbers anywhere in a body, in the names of members, too: an issuer's prefix, one of its lengths, and a
 * right check digit, with whatever separators. Card numbers belong into Stripe's forms only, so such a request is
 * refused and the number is not passed on. Ids that a caller makes as it likes are not looked at.
 */
export function findCardNumbers(body: unknown): Issue[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, member]) => (ownIds.has(name) ? [] : findIn(name, member, [])));
}

/** Members whose value is the caller's own id. All other ids are ours or Stripe's, and have letters. */
const ownIds: ReadonlySet<string> = new Set(["order_id", "external_id"]);

function findIn(name: string, value: unknown, parents: readonly string[]): Issue[] {
  // The number itself is left out, so that no message repeats it.
  if (holdsCardNumber(name)) return [issueAt(parents)];
  const path = [...parents, name];
  if (typeof value === "object" && value !== null && !(value instanceof InexactNumber))
    return Object.entries(value).flatMap(([inner, member]) => findIn(inner, member, path));
  return holdsCardNumber(numberText(value) ?? String(value)) ? [issueAt(path)] : [];
}

function issueAt(path: readonly string[]): Issue {
  return { code: "custom", path: [...path], message: "must not hold a card number", input: undefined };
}

/** Digits in groups, with at most three other signs between two of them. Ids have letters next to their digits. */
const runs = /(?<![\p{L}\d_])\d(?:[^\p{L}\d_]{0,3}\d){12,}(?![\p{L}\d_])/gu;

const uuids = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

function holdsCardNumber(text: string): boolean {
  const found = text.normalize("NFKC").replace(uuids, "").match(runs) ?? [];
  return found.some((run) => [...joined(run.match(/\d+/g) ?? [])].some(isCardNumber));
}

const [lengthMin, lengthMax] = [13, 19];

/** Joins neighbouring groups of digits, as many as a card number can have: it may stand between other numbers. */
function* joined(groups: readonly string[]): Generator<string> {
  for (const first of groups.keys()) {
    let digits = "";
    for (let next = first; next < groups.length && digits.length <= lengthMax; next += 1) {
      digits += groups[next];
      if (digits.length >= lengthMin && digits.length <= lengthMax) yield digits;
    }
  }
}

/**
 * Prefixes of issuers with the lengths of their numbers: Visa; Mastercard; American Express; Diners Club; Discover,
 * UnionPay, RuPay and Maestro; JCB; Mir; Troy (ISO/IEC 7812, https://en.wikipedia.org/wiki/Payment_card_number).
 */
const issuers =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d+(?<=^\d{16})|3[47]\d{13}|(?:30[0-5]|309|36|3[89])\d+(?<=^\d{14,19})|(?:5[06-9]|6|8[12])\d+(?<=^\d{16,19})|35(?:2[89]|[3-8])\d+(?<=^\d{16,19})|220[0-4]\d+(?<=^\d{16,19})|9792\d{12})$/;

function isCardNumber(digits: string): boolean {
  return issuers.test(digits) && passesLuhn(digits);
}

/** Tells whether the check digit is right (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (1 + (index % 2));
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}
