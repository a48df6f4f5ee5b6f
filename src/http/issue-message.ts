import type { Issue } from "./dialect";
import { blank } from "./exact-json";

/** The words for a value of another type than the expected one, by the name of that. */
export const typeMessages: Readonly<Record<string, string>> = {
  string: "must be a string",
  number: "must be a number",
  int: "must be an integer",
  boolean: "must be true or false",
  array: "must be an array",
  object: "must be an object",
  record: "must be an object",
};

/** Words a problem so that the name of its input can stand before it. */
export function messageOf(issue: Issue): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "unrecognized_keys") return "is unknown";
  if (issue.input === blank) return "must not be empty";
  if (issue.input === null) return "must not be null";
  const isMissing = issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union";
  if (isMissing && issue.input === undefined) return "is required";
  switch (issue.code) {
    case "invalid_type":
      return typeMessages[issue.expected] ?? "is invalid";
    case "invalid_value":
      return `must be one of: ${issue.values.join(", ")}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "invalid_format":
      return issue.format === "datetime" ? "must be a date-time" : "is invalid";
    default:
      return "is invalid";
  }
}

function unitOf(origin: string): string {
  return origin === "string" ? " characters long" : "";
}
