import type { Issue } from "../dialect";
import { InexactNumber, numberText } from "../exact-json";

/**
 * Finds card numbers anywhere in a body: 13 to 19 digits with a right check digit. Card numbers belong into Stripe's
 * forms only, so such a request is refused and the number is not passed on.
 */
export function findCardNumbers(value: unknown, path: (string | number)[] = []): Issue[] {
  if (typeof value === "object" && value !== null && !(value instanceof InexactNumber)) {
    const members = Object.entries(value);
    return members.flatMap(([name, member]) => findCardNumbers(member, [...path, name]));
  }
  const text = numberText(value) ?? String(value);
  // The input itself is left out, so that no message repeats it.
  return holdsCardNumber(text)
    ? [{ code: "custom", path, message: "must not hold a card number", input: undefined }]
    : [];
}

/**
 * Digits in one piece, or a text that consists of digits with single spaces or dashes. Ids have letters next to theirs.
 * Banks number their cards from 2 to 6; a time in milliseconds, which often names an order, begins with a 1.
 */
const pieces = [/(?<![\w-])[2-6](?: ?\d){12,18}(?![\w-])/g, /^[2-6](?:[ -]?\d){12,18}$/g];

function holdsCardNumber(text: string): boolean {
  return pieces.flatMap((piece) => text.match(piece) ?? []).some((found) => passesLuhn(found.replace(/\D/g, "")));
}

/** Tells whether the check digit is right (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (1 + (index % 2));
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}
