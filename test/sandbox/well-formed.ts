const VOID = new Set(["br", "hr", "img", "input", "link", "meta"]);
const TOKEN =
  /<!doctype html>|<(style|script)\b[^>]*>[\s\S]*?<\/\1>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*>|[<>]/g;

/**
 * Reads a document strictly, which browsers do not: every element closed in order, every attribute quoted and given
 * once, every id once, every `for` and `aria-…` reference valid. Returns the mistakes.
 */
export function mistakesIn(page: string): string[] {
  const mistakes: string[] = [];
  const open: string[] = [];
  const ids: string[] = [];
  const references: string[] = [];
  for (const [token, raw, closing, element, attributes] of page.matchAll(TOKEN)) {
    if (raw !== undefined || token === "<!doctype html>") continue;
    if (element === undefined) mistakes.push(`stray ${token}`);
    else if (closing === "/") {
      if (open.pop() !== element) mistakes.push(`misplaced </${element}>`);
    } else {
      if (!VOID.has(element)) open.push(element);
      const names = [...(attributes ?? "").matchAll(/([a-zA-Z-]+)(?:="([^"]*)")?/g)];
      if (new Set(names.map(([, name]) => name)).size !== names.length) mistakes.push(`attribute twice: ${token}`);
      for (const [, name, value] of names) {
        if (name === "id") ids.push(value ?? "");
        if (name === "for" || name === "aria-labelledby" || name === "aria-describedby") references.push(value ?? "");
      }
    }
  }
  mistakes.push(...open.map((element) => `never closed: ${element}`));
  mistakes.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id twice: ${id}`));
  mistakes.push(...references.filter((id) => !ids.includes(id)).map((id) => `points at nothing: ${id}`));
  if (/&(?!(amp|lt|gt|quot|#39);)/.test(page.replace(/<(style|script)\b[\s\S]*?<\/\1>/g, ""))) mistakes.push("bare &");
  return mistakes;
}
