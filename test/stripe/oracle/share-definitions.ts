import type { ParameterCatalogue, ParameterSchema } from "../../../src/sandbox/parameters.ts";

/** For fewer characters a reference saves nothing. */
const worthSharing = 60;

/** Writes every part that occurs in several places once, under `$defs`, named after the first parameter that has it. */
export function shareDefinitions(
  operations: Record<string, ParameterSchema>,
): Pick<ParameterCatalogue, "operations" | "$defs"> {
  const places = countPlaces(operations);
  const names = new Map<string, string>();
  const $defs: Record<string, ParameterSchema> = {};

  function shared(schema: ParameterSchema, parameter: string): ParameterSchema {
    const text = JSON.stringify(schema);
    if (text.length < worthSharing || places.get(text) === 1) return mapParts(schema, parameter, shared);
    const name = names.get(text) ?? define(text, schema, parameter);
    return { $ref: `#/$defs/${name}` };
  }

  function define(text: string, schema: ParameterSchema, parameter: string): string {
    const name = freeName(parameter, $defs);
    names.set(text, name);
    // The name is taken before the parts are visited, so that an outer part is named before its inner ones.
    $defs[name] = {};
    $defs[name] = mapParts(schema, parameter, shared);
    return name;
  }

  return {
    operations: Object.fromEntries(
      Object.entries(operations).map(([endpoint, schema]) => [endpoint, mapParts(schema, "", shared)]),
    ),
    $defs,
  };
}

/** Counts the places of each part, by its text. The content of a repeated part counts once. */
function countPlaces(operations: Record<string, ParameterSchema>): Map<string, number> {
  const places = new Map<string, number>();
  function count(schema: ParameterSchema): ParameterSchema {
    const text = JSON.stringify(schema);
    const before = places.get(text) ?? 0;
    places.set(text, before + 1);
    return before > 0 ? schema : mapParts(schema, "", count);
  }
  for (const schema of Object.values(operations)) mapParts(schema, "", count);
  return places;
}

function mapParts(
  schema: ParameterSchema,
  parameter: string,
  map: (part: ParameterSchema, parameter: string) => ParameterSchema,
): ParameterSchema {
  const { properties, items, additionalProperties, anyOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, map(part, name)])),
    }),
    ...(items && { items: map(items, parameter) }),
    ...(additionalProperties && { additionalProperties: map(additionalProperties, parameter) }),
    ...(anyOf && { anyOf: anyOf.map((part) => map(part, parameter)) }),
  };
}

function freeName(name: string, taken: object): string {
  let free = name;
  for (let count = 2; Object.hasOwn(taken, free); count += 1) free = `${name}_${count}`;
  return free;
}
