import type { Issue } from "../dialect";
import { InexactNumber, numberText } from "../exact-json";

/**
 * Finds card numbers anywhere in a body: 13 to 19 digits with a right check digit. They belong to Stripe's forms and to
 * nobody else, so whoever sends one is told, and it goes no further.
 */
export function findCardNumbers(value: unknown, path: (string | number)[] = []): Issue[] {
  if (typeof value === "object" && value !== null && !(value instanceof InexactNumber)) {
    const members = Object.entries(value);
    return members.flatMap(([name, member]) => findCardNumbers(member, [...path, name]));
  }
  const text = numberText(value) ?? String(value);
  // The input itself is left out: what is told is told without it.
  return holdsCardNumber(text)
    ? [{ code: "custom", path, message: "must not hold a card number", input: undefined }]
    : [];
}

/**
 * Digits in one piece, or with single spaces or dashes where they are all there is. Ids have letters beside theirs. Banks
 * number their cards from 2 to 6; a time in milliseconds, as orders are often named, begins with a 1.
 */
const pieces = [/(?<![\w-])[2-6](?: ?\d){12,18}(?![\w-])/g, /^[2-6](?:[ -]?\d){12,18}$/g];

function holdsCardNumber(text: string): boolean {
  return pieces.flatMap((piece) => text.match(piece) ?? []).some((found) => passesLuhn(found.replace(/\D/g, "")));
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (1 + (index % 2));
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}
