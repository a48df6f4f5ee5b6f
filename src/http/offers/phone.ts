import { parsePhoneNumberFromString } from "libphonenumber-js/core/es6";
import type metadata from "libphonenumber-js/min/metadata";
import type { Edge } from "../edge";

type NumberingPlans = typeof metadata;

let plans: NumberingPlans | undefined;

/**
 * Loads the numbering plans of the world, once per isolate and only when needed: most isolates never check a phone
 * number.
 */
export async function loadNumberingPlans({ document }: Pick<Edge, "document">): Promise<void> {
  plans ??= (await document("/numbering-plans.json")) as NumberingPlans;
}

/**
 * Returns a number in the form of E.164, or undefined if the text is none. Throws before the numbering plans are
 * loaded.
 */
export function parsePhone(text: string): string | undefined {
  if (!plans) throw new Error("the numbering plans are not loaded");
  const number = text.startsWith("+") ? parsePhoneNumberFromString(text, plans) : undefined;
  return number?.isValid() ? number.number : undefined;
}
