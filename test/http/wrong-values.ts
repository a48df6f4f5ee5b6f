/** The parts of JSON Schema that the descriptions use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  maxLength?: number;
}

/** One member of a body or one parameter of a query, where it stands. */
export interface Member {
  path: readonly string[];
  schema: Schema;
}

const deep = (levels: number): unknown => (levels === 0 ? "x" : [deep(levels - 1)]);

/** Lists the members of an object, those of its objects and of its lists' items included. */
export function membersOf(schema: Schema, resolve: (schema: Schema) => Schema, path: readonly string[] = []): Member[] {
  const { properties = {}, items, oneOf, anyOf } = resolve(schema);
  const own = Object.entries(properties).flatMap(([name, member]) => {
    const resolved = resolve(member);
    return [{ path: [...path, name], schema: resolved }, ...membersOf(resolved, resolve, [...path, name])];
  });
  const ofItems = items ? membersOf(items, resolve, [...path, "0"]) : [];
  const ofOptions = [...(oneOf ?? []), ...(anyOf ?? [])].flatMap((option) => membersOf(option, resolve, path));
  const all = [...own, ...ofItems, ...ofOptions];
  return all.filter((one, at) => all.findIndex((other) => other.path.join() === one.path.join()) === at);
}

/** Makes every wrong value of a member, and an unknown member beside its own where it is an object. */
export function wrongValues({ schema }: Member): [string, unknown][] {
  const types = typesOf(schema);
  const nesting: [string, unknown] = ["too deep", deep(25)];
  if (types.length === 0) return [nesting]; // taken whatever it is
  return [
    nesting,
    ...(types.includes("null") ? [] : [["null", null] as [string, unknown]]),
    ["empty", ""],
    ["blank", " \u202a\u200b\u00a0"],
    ["wrong type", wrongType(types)],
    ["too long", tooLong(types, schema)],
    ...(holdsMembers(schema) ? [["unknown", { unheard_of: 1 }] as [string, unknown]] : []),
  ];
}

function holdsMembers({ properties, oneOf, anyOf }: Schema): boolean {
  return properties !== undefined || [...(oneOf ?? []), ...(anyOf ?? [])].some(holdsMembers);
}

export function typesOf({ type, oneOf, anyOf, const: one, enum: many }: Schema): string[] {
  if (type !== undefined) return [type].flat();
  if (one !== undefined) return [typeof one];
  if (many !== undefined) return [...new Set(many.map((value) => typeof value))];
  return [...(oneOf ?? []), ...(anyOf ?? [])].flatMap(typesOf);
}

function wrongType(types: readonly string[]): unknown {
  if (!types.includes("boolean")) return true;
  return 7;
}

/** Returns what is longer than the schema allows, and still fits into a body. */
function tooLong(types: readonly string[], schema: Schema): unknown {
  if (types.includes("object")) return { x: "x".repeat(5_000) };
  if (types.includes("array")) return Array.from({ length: 1_000 }, () => "x");
  return types.includes("string") ? "x".repeat((longest(schema) ?? 5_000) + 1) : 1e300;
}

function longest({ maxLength, oneOf, anyOf }: Schema): number | undefined {
  return maxLength ?? [...(oneOf ?? []), ...(anyOf ?? [])].map(longest).find((length) => length !== undefined);
}

/** Returns the example with one member set, and the objects and lists on the way to it. */
export function withMember(example: unknown, [name = "", ...rest]: readonly string[], value: unknown): unknown {
  const container = example ?? (name === "0" ? [] : {});
  const members = container as Record<string, unknown>;
  const set = rest.length === 0 ? merged(members[name], value) : withMember(members[name], rest, value);
  if (!Array.isArray(container)) return { ...members, [name]: set };
  return container.length === 0 ? [set] : container.map((item, at) => (String(at) === name ? set : item));
}

/** An unknown member stands beside those that are there. */
function merged(before: unknown, value: unknown): unknown {
  const isUnknown = typeof value === "object" && value !== null && "unheard_of" in value;
  return isUnknown && typeof before === "object" ? { ...before, ...value } : value;
}
