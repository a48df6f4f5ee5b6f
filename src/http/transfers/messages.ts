import type { Errors, Explanation, Issue } from "../dialect";

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
  return issue.code === "invalid_type" && !isMissing(issue);
}

/** Tells whether an input is missing: absent, null, or empty, which parsing made null. */
function isMissing(issue: Issue): boolean {
  return (issue.code === "invalid_type" || issue.code === "invalid_value") && (issue.input ?? null) === null;
}

const types: Record<string, string> = {
  string: "must be a string",
  number: "must be a number",
  int: "must be an integer",
  boolean: "must be true or false",
  array: "must be an array",
  object: "must be an object",
  record: "must be an object",
};

function messageOf(issue: Issue): string {
  if (isMissing(issue)) return "is required";
  switch (issue.code) {
    case "invalid_type":
      return types[issue.expected] ?? "is of the wrong type";
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
    default:
      return "is invalid";
  }
}

function unitOf(origin: string): string {
  return origin === "string" ? " characters" : "";
}
