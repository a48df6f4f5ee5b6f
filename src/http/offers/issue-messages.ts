import type { Errors, Issue } from "../dialect";
import { blank } from "../exact-json";

/** The placeholder of the input's name in a schema's message. */
export const attribute = ":attribute";

/**
 * Words validation problems: messages by input in the order found; the text is the first of them with the number of the
 * others.
 */
export function explain(issues: readonly Issue[]): { text: string; errors: Errors } {
  const errors: Errors = {};
  for (const issue of issues) {
    const input = issue.path.join(".");
    const message = messageOf(issue).replaceAll(attribute, nameOf(input));
    errors[input] = [...(errors[input] ?? []), message];
  }
  return { text: summaryOf(Object.values(errors).flat()), errors };
}

/** Returns "First message. (and 2 more errors)": it counts messages, not inputs. */
export function summaryOf([first = "", ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first} (and ${others.length} more ${others.length === 1 ? "error" : "errors"})`;
}

/** Converts "billingAddress.postalCode" to "billing address.postal code". */
export function nameOf(input: string): string {
  return input.replace(/(.)(?=[A-Z])/g, "$1 ").toLowerCase();
}

const typeMessages: Record<string, string> = {
  string: "must be a string",
  number: "must be a number",
  int: "must be an integer",
  boolean: "must be true or false",
  array: "must be an array",
  object: "must be an array",
  record: "must be an array",
};

function messageOf(issue: Issue): string {
  const field = `The ${attribute} field`;
  if (issue.message.includes(attribute)) return issue.message;
  if (isMissing(issue)) return `${field} is required.`;
  switch (issue.code) {
    case "invalid_type":
      return `${field} ${typeMessages[issue.expected] ?? "is invalid"}.`;
    case "too_small":
      return `${field} must ${least(issue.origin, issue.minimum)}.`;
    case "too_big":
      return `${field} must not ${most(issue.origin, issue.maximum)}.`;
    case "invalid_format":
      return issue.format === "email" ? `${field} must be a valid email address.` : `${field} format is invalid.`;
    case "invalid_value":
      return `The selected ${attribute} is invalid.`;
    case "unrecognized_keys":
      return `${field} is unknown.`;
    case "custom":
      return `${field} ${issue.message}.`;
    default:
      return `${field} is invalid.`;
  }
}

/** Tells whether a required input is missing: absent, null, a text without a visible character, or an empty list. */
function isMissing(issue: Issue): boolean {
  if (issue.input === blank) return true;
  if (issue.code === "too_small")
    return issue.origin === "array" && Array.isArray(issue.input) && issue.input.length === 0;
  return (issue.code === "invalid_type" || issue.code === "invalid_value") && (issue.input ?? null) === null;
}

function least(origin: string, minimum: number | bigint): string {
  if (origin === "string") return `be at least ${minimum} characters`;
  return origin === "array" ? `have at least ${minimum} items` : `be at least ${minimum}`;
}

function most(origin: string, maximum: number | bigint): string {
  if (origin === "string") return `be greater than ${maximum} characters`;
  return origin === "array" ? `have more than ${maximum} items` : `be greater than ${maximum}`;
}
