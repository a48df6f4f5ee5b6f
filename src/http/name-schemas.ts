import { titles } from "./problem/problem";

/** A part of a JSON document that is read and written here. */
interface Json {
  [member: string]: Json | undefined;
}

const methods = ["get", "post", "put", "patch", "delete"];

/**
 * Gives every object in a description a name: those of an operation its own, those inside of another the other's and
 * their member's. So no path has an anonymous one, and a generator of types finds a name for each.
 */
export function nameSchemas<Document extends object>(document: Document): Document {
  const { components = {}, paths: described, webhooks } = document as Json;
  const named: Record<string, Json> = { ...(components.schemas as Record<string, Json>) };
  const hoist = hoistInto(named);
  for (const [name, schema] of Object.entries({ ...named })) named[name] = hoist.inside(schema, name);
  for (const paths of [described, webhooks]) {
    const operations = Object.values(paths ?? {}).flatMap((path) =>
      methods.flatMap((one): Json[] => (path?.[one] ? [path[one]] : [])),
    );
    for (const operation of operations) {
      nameOperation(operation, hoist);
    }
  }
  const schemas = Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, components: { ...components, schemas } };
}

function nameOperation(operation: Json, hoist: Hoist): void {
  const name = pascal(String(operation.operationId));
  nameContent(operation.requestBody, `${name}Body`, hoist);
  const responses = Object.entries(operation.responses ?? {});
  const successes = responses.filter(([status]) => Number(status) < 300);
  for (const [status, response] of responses) {
    const isOnly = successes.length === 1;
    const suffix = Number(status) < 300 ? `Response${isOnly ? "" : status}` : pascal(titleOf(status));
    nameContent(response, name + suffix, hoist);
  }
}

function titleOf(status: string): string {
  return titles[Number(status) as keyof typeof titles] ?? status;
}

function nameContent(holder: Json | undefined, name: string, hoist: Hoist): void {
  for (const media of Object.values(holder?.content ?? {})) {
    if (media?.schema) media.schema = hoist.whole(media.schema, name);
  }
}

interface Hoist {
  /** Returns the schema with every object inside named, and itself as a reference if it is one. */
  whole: (schema: Json, name: string) => Json;
  inside: (schema: Json, name: string) => Json;
}

function hoistInto(named: Record<string, Json>): Hoist {
  const known = new Map<string, string>();

  const whole = (schema: Json, name: string): Json => {
    const inner = inside(schema, name);
    const isNamed = inner.properties !== undefined || inner.allOf || inner.oneOf || inner.anyOf;
    if (inner.$ref !== undefined || !isNamed) return inner;
    const nullable = withoutNull(inner);
    if (nullable) return { ...inner, ...rebuilt(inner, nullable, whole, name) };
    const text = JSON.stringify(inner);
    const taken = known.get(text) ?? freeName(named, name);
    known.set(text, taken);
    named[taken] = inner;
    return { $ref: `#/components/schemas/${taken}` as never };
  };

  const inside = (schema: Json, name: string): Json => {
    const made: Json = { ...schema };
    if (schema.properties) {
      made.properties = mapped(schema.properties, (part, member) => whole(part, name + pascal(member)));
    }
    if (schema.items) made.items = whole(schema.items, singular(name));
    if (isObject(schema.additionalProperties))
      made.additionalProperties = whole(schema.additionalProperties, `${name}Value`);
    for (const keyword of ["anyOf", "oneOf"]) {
      const list = schema[keyword] as unknown as Json[] | undefined;
      if (!list) continue;
      const several = list.filter(({ type }) => (type as unknown) !== "null").length > 1;
      const parts = list.map((part, at) =>
        part.required && !part.type ? part : whole(part, several ? `${name}${at + 1}` : name),
      );
      made[keyword] = parts as never;
    }
    const all = schema.allOf as unknown as Json[] | undefined;
    if (all) made.allOf = all.map((part) => inside(part, name)) as never;
    return made;
  };
  return { whole, inside };
}

/** Returns where the one alternative of an optional value stands; undefined if the schema is more than that. */
function withoutNull(schema: Json): "anyOf" | "oneOf" | undefined {
  return (["anyOf", "oneOf"] as const).find((keyword) => {
    const list = schema[keyword] as unknown as Json[] | undefined;
    return list?.length === 2 && list.some(({ type }) => (type as unknown) === "null") && !schema.properties;
  });
}

function rebuilt(schema: Json, keyword: "anyOf" | "oneOf", whole: Hoist["whole"], name: string): Json {
  const list = schema[keyword] as unknown as Json[];
  return { [keyword]: list.map((part) => ((part.type as unknown) === "null" ? part : whole(part, name))) as never };
}

function freeName(named: Json, wanted: string): string {
  let name = wanted;
  for (let count = 2; named[name] !== undefined; count += 1) name = `${wanted}${count}`;
  return name;
}

function mapped(parts: Json, change: (part: Json, name: string) => Json): Json {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part ?? {}, name)]));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function pascal(text: string): string {
  return text.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])?/g, (_, letter = "") => letter.toUpperCase());
}

function singular(name: string): string {
  return name.endsWith("Data") ? `${name.slice(0, -4)}Item` : name.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
}
