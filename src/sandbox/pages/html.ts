/** Markup that is safe to print: made by {@link html} from literals and escaped values, or by {@link trusted}. */
class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type { Html };

type Content = string | number | Html | null | undefined | false | readonly Content[];

/**
 * Builds markup; every page is made of it. A value between the literals is escaped for text and for quoted attributes,
 * unless it is {@link Html} already; an array is printed item by item; null, undefined and false print nothing.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Html {
  const markup = literals.reduce((written, literal, index) => written + print(values[index - 1]) + literal);
  return new Html(markup);
}

/** Takes markup unescaped. It is for constants of ours only (stylesheet, scripts), never for a value. */
export function trusted(constant: string): Html {
  return new Html(constant);
}

function print(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Html) return content.markup;
  if (typeof content === "object") return content.map(print).join("");
  return escapeMarkup(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
