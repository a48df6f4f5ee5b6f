import type { Issue } from "./dialect";

/** The deepest nesting of a body, its own braces included. Nothing that recurses ever gets more. */
const depthMax = 20;

/**
 * A text with the colon that makes it a name, or a bracket. A text that never ends reaches to the end, so that no other
 * is looked for inside it.
 */
const token = /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))(\s*:)?|[{}[\]]/gs;

/** The words for a member or parameter of which a parser would take the last. */
export const sentTwice = "must not be sent twice";

/**
 * Finds what a parser would hide: a nesting without limit, and a member that is sent twice, of which it would keep the
 * last. Names the member at the top that it is in. Undefined if there is neither; malformed JSON is left to the parser.
 */
export function findWrongStructure(text: string): Issue | undefined {
  const names: (Set<string> | undefined)[] = [];
  let member = "";
  for (const [found, quoted = "", colon] of text.matchAll(token)) {
    if (found === "{" || found === "[") {
      if (names.length === depthMax) return issueOf(member, `must not be nested deeper than ${depthMax} levels`);
      names.push(found === "{" ? new Set() : undefined);
    } else if (found === "}" || found === "]") {
      names.pop();
    } else if (colon !== undefined) {
      const name: string = JSON.parse(quoted);
      if (names.length === 1) member = name;
      const siblings = names.at(-1);
      if (siblings?.has(name)) return issueOf(member, sentTwice);
      siblings?.add(name);
    }
  }
  return undefined;
}

/** Makes the problem of a member, by its shortened name. */
export function issueOf(member: string, message: string): Issue {
  return { code: "custom", path: [shownName(member)], message, input: undefined };
}

/** Shortens a name that a caller has made up, for an answer that repeats it, and leaves card numbers out. */
export function shownName(name: string): string {
  return name.replace(/\d(?:\W?\d){11,}/g, "…").slice(0, 64);
}
