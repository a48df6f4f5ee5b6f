import type { Plugin } from "rolldown";
import { parseAst } from "rolldown/parseAst";

/** The names in the code of a bundle. */
export interface NamesRead {
  /** Names behind a dot, in brackets as a text, or in a destructuring. */
  members: ReadonlySet<string>;
  /** All texts, because a library may call a method by a name that it keeps as a text. */
  texts: ReadonlySet<string>;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [part: string]: unknown;
}

/** Methods that the language calls without naming them in the code. */
const calledByLanguage = ["constructor", "next", "return", "then", "throw", "toJSON", "toString", "valueOf"];

/** Returns what the code of a bundle names. */
export function readNames(code: string): NamesRead {
  const members = new Set(calledByLanguage);
  const texts = new Set<string>();
  for (const { type, computed, property, properties, value } of nodesOf(code)) {
    if (type === "MemberExpression") members.add(nameOf(property as Node, computed));
    if (type === "ObjectPattern")
      for (const { key } of properties as { key?: Node }[]) if (key) members.add(nameOf(key));
    if (type === "Literal" && typeof value === "string") texts.add(value);
  }
  return { members, texts };
}

/**
 * Leaves out the methods of libraries that the bundle never names, and with them what only they use. A bundler keeps
 * every method of a class that is used at all, because it cannot know what is called. Accord's own code is left as it
 * is. zod keeps the methods of its schemas in plain objects, and never calls them by a text.
 */
export function leaveOutUncalled({ members, texts }: NamesRead): Plugin {
  return {
    name: "leave-out-uncalled",
    transform(code, id) {
      if (!id.includes("/node_modules/")) return null;
      const uncalled = nodesOf(code).flatMap(({ type, body, properties }) => {
        if (type === "ClassBody") return methodsIn(body as Node[]).filter(({ key }) => !isNamed(key as Node));
        const isOfSchema = type === "ObjectExpression" && id.includes("/zod/v4/classic/");
        return isOfSchema ? methodsIn(properties as Node[]).filter(({ key }) => !members.has(nameOf(key as Node))) : [];
      });
      return uncalled.length === 0 ? null : { code: without(code, uncalled), map: null };
    },
  };

  function isNamed(key: Node): boolean {
    const name = nameOf(key);
    return members.has(name) || texts.has(name);
  }
}

/** Lists the methods of a class or an object that have a fixed name. */
function methodsIn(members: readonly Node[]): Node[] {
  const isMethod = ({ type, method }: Node) => type === "MethodDefinition" || (type === "Property" && method === true);
  return members.filter((one) => isMethod(one) && !one.computed && (one.key as Node).type === "Identifier");
}

/** Returns a name as it is read or defined; an expression in brackets names nothing, unless it is a text. */
function nameOf({ type, name, value }: Node, computed?: unknown): string {
  if (type === "Literal") return String(value);
  return computed ? "" : String(name);
}

/** Lists all nodes of the syntax tree of a module. */
function nodesOf(code: string): Node[] {
  const nodes: Node[] = [];
  const add = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) add(one);
    else if (typeof part === "object" && part !== null) {
      if ("type" in part) nodes.push(part as Node);
      for (const child of Object.values(part)) add(child);
    }
  };
  add(parseAst(code));
  return nodes;
}

function without(code: string, parts: readonly Node[]): string {
  const fromLast = parts.toSorted((one, other) => other.start - one.start);
  return fromLast.reduce(
    (text, { start, end }) => text.slice(0, start) + text.slice(text[end] === "," ? end + 1 : end),
    code,
  );
}
