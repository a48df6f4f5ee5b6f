import type { Errors, Issue } from "../dialect";

/** Stands for the name of the input in a message that a schema brings along. */
export const attribute = ":attribute";

/** Messages by input in the order found, and the first of them with the number of the others. */
export function explain(issues: readonly Issue[]): { text: string; errors: Errors } {
  const errors: Errors = {};
  for (const issue of issues) {
    const input = issue.path.join(".");
    const message = messageOf(issue).replaceAll(attribute, nameOf(input));
    errors[input] = [...(errors[input] ?? []), message];
  }
  return { text: summaryOf(Object.values(errors).flat()), errors };
}

/** "First message. (and 2 more errors)": messages count, not inputs. */
export function summaryOf([first = "", ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first} (and ${others.length} more ${others.length === 1 ? "error" : "errors"})`;
}

/** "billingAddress.postalCode" → "billing address.postal code". */
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
    default:
      return `${field} is invalid.`;
  }
}

/** Absent, null (or empty, which parsing made null), or a list of nothing where something is needed. */
function isMissing(issue: Issue): boolean {
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
