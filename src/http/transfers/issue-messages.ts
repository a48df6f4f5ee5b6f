import type { Errors, Explanation, Issue } from "../dialect";
import { blank } from "../exact-json";
import { typeMessages } from "../issue-message";

/**
 * Words validation problems: constraints by field. A value of the wrong type, and a path that cannot name anything,
 * make the request unreadable, which is another error than a violated constraint.
 */
export function explain(issues: readonly Issue[]): Explanation {
  const errors: Errors = {};
  for (const issue of issues) {
    const field = issue.path.join(".") || "body";
    errors[field] = [...(errors[field] ?? []), messageOf(issue)];
  }
  return issues.some(isMalformed)
    ? { text: "Malformed request", errors, requestError: "body_malformed" }
    : { text: "Validation failed", errors };
}

/** Marks a custom problem of a schema as one of the form. */
export const malformed = { malformed: true };

function isMalformed(issue: Issue): boolean {
  if (issue.code === "custom") return issue.params?.malformed === true;
  return issue.code === "invalid_type" && !isEmpty(issue);
}

/** Tells whether an input is absent, null, or a text without a visible character. */
function isEmpty({ code, input }: Issue): boolean {
  return input === blank || ((code === "invalid_type" || code === "invalid_value") && (input ?? null) === null);
}

function messageOf(issue: Issue): string {
  if (isEmpty(issue)) return emptyMessage(issue.input);
  switch (issue.code) {
    case "invalid_type":
      return typeMessages[issue.expected] ?? "is of the wrong type";
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "invalid_format":
      return issue.format === "email" ? "must be an e-mail address" : issue.message;
    case "custom":
      return issue.message;
    case "unrecognized_keys":
      return "is unknown";
    default:
      return "is invalid";
  }
}

function emptyMessage(input: unknown): string {
  if (input === undefined) return "is required";
  return input === null ? "must not be null" : "must not be empty";
}

function unitOf(origin: string): string {
  return origin === "string" ? " characters" : "";
}
