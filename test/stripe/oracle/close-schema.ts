import type { ParameterSchema } from "../../../src/sandbox/parameters.ts";

/** Stripe's numbers are whole (amounts, times, counts), except these. */
const fractional = /percent|decimal|latitude|longitude|coordinates/;

/** Null and the empty string both mean: remove the value. */
const unset: ParameterSchema = { enum: [null, ""] };

/**
 * Closes what the SDK leaves open for comfort: an enum admits only its members, a number is whole, an empty string is
 * refused unless it unsets, and nothing is described that admits anything.
 *
 * @param schema as the generator prints it, without `$ref`
 * @param name of the parameter
 */
export function closed(schema: ParameterSchema, name: string): ParameterSchema {
  if (schema.anyOf) return closedUnion(schema.anyOf, name);
  if (schema.enum) return { enum: schema.enum };
  if (schema.const !== undefined) return { enum: [schema.const] };
  if (schema.type === "object") return closedObject(schema);
  if (schema.type === "array" && schema.items) return { type: "array", items: closed(schema.items, name) };
  if (schema.type === "number") return { type: fractional.test(name) ? "number" : "integer" };
  if (schema.type === "string") return { type: "string", minLength: 1 };
  if (schema.type === "boolean") return { type: "boolean" };
  // The values of metadata, and texts that may be unset.
  if (Array.isArray(schema.type) && schema.type.includes("null")) return { type: schema.type };
  throw new Error(`Nothing is known about the type of ${name}: ${JSON.stringify(schema)}`);
}

function closedObject({ properties = {}, required, additionalProperties }: ParameterSchema): ParameterSchema {
  const entries = Object.entries(properties);
  // The SDK's Decimal class, known by its brand: on the wire it is a decimal number.
  if (entries.some(([name]) => name.includes("___stripeType"))) return { type: "number" };
  return {
    type: "object",
    ...(entries.length > 0 && {
      properties: Object.fromEntries(entries.map(([name, value]) => [name, closed(value, name)])),
    }),
    ...(required && { required }),
    additionalProperties: additionalProperties ? closed(additionalProperties, "") : false,
  };
}

function closedUnion(branches: ParameterSchema[], name: string): ParameterSchema {
  const hasEnum = branches.some((branch) => members(branch).some(Boolean));
  // `OtherString` is printed as a plain string beside the enum, and would allow every misspelling.
  const isOpen = (branch: ParameterSchema) => hasEnum && branch.type === "string" && members(branch).length === 0;
  const isUnset = ({ type, const: only }: ParameterSchema) => type === "null" || only === "";

  const kept = branches.filter((branch) => !isUnset(branch) && !isOpen(branch)).map((branch) => closed(branch, name));
  const all = branches.some(isUnset) ? [unset, ...kept] : kept;
  return all.length === 1 && all[0] ? all[0] : { anyOf: all };
}

function members({ enum: several, const: only }: ParameterSchema): (string | null)[] {
  return several ?? (only === undefined ? [] : [only]);
}
