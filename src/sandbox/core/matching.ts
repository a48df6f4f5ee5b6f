// These are line comments, because a star followed by a slash would end a block. Compares a pattern like "POST
// /v1/transfers/*/reversals" with a request; a star stands for one segment. Returns the segments that the stars stand
// for, or null if the request does not match.
export function match(pattern: string, method: string, path: string): string[] | null {
  const [patternMethod = "", patternPath = ""] = pattern.split(" ");
  const wanted = patternPath.split("/");
  const given = path.split("/");
  if (patternMethod !== method || wanted.length !== given.length) {
    return null;
  }
  const stars: string[] = [];
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (segment === "*") {
      stars.push(decoded(value));
    } else if (segment !== value) {
      return null;
    }
  }
  return stars;
}

/** Decodes a segment. A broken escape stays as it is: no id has one, so it names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
