import type { Errors, Issue } from "../dialect";
import { messageOf } from "../issue-message";

/**
 * Words validation problems: each message begins with the name of its input, and the first is the answer's text. A
 * schema's own message follows that name.
 */
export function explain(issues: readonly Issue[]): { text: string; errors: Errors } {
  const errors: Errors = {};
  for (const issue of issues) {
    const input = issue.path.join(".");
    const message = input === "" ? messageOf(issue) : `${input} ${messageOf(issue)}`;
    errors[input] = [...(errors[input] ?? []), message];
  }
  const [first = ""] = Object.values(errors).flat();
  return { text: first, errors };
}
