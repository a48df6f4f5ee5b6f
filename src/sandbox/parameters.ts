import catalogue from "./stripe-schema.json";

/** The part of JSON Schema that describes Stripe's parameters. */
export interface ParameterSchema {
  type?: string | string[];
  properties?: Record<string, ParameterSchema>;
  required?: string[];
  additionalProperties?: ParameterSchema | false;
  items?: ParameterSchema;
  enum?: (string | null)[];
  const?: string;
  minLength?: number;
  anyOf?: ParameterSchema[];
  $ref?: string;
}

/** `stripe-schema.json`, made of the types of the pinned SDK by `npm run stripe:schema`. */
export interface ParameterCatalogue {
  sdk: string;
  apiVersion: string;
  /** Schemas by method and path, as in "POST /v1/transfers/{id}/reversals". */
  operations: Record<string, ParameterSchema>;
  $defs: Record<string, ParameterSchema>;
}

/**
 * `param` is in bracket form, as in `line_items[0][quantity]`. Stripe itself sends no `code` for a wrong enum member,
 * boolean, object, array or string; `parameter_invalid` stands for that.
 */
export interface ParameterError {
  code:
    | "parameter_unknown"
    | "parameter_missing"
    | "parameter_invalid_empty"
    | "parameter_invalid_integer"
    | "parameter_invalid";
  param: string;
  message: string;
}

/**
 * Finds the first thing that Stripe would refuse in a request's parameters by their names and types alone. Returns
 * undefined if there is none, or if the path is not one of ours.
 *
 * @param method HTTP method in capitals
 * @param path with real ids and without query, as in `/v1/transfers/tr_1/reversals`
 * @param form the decoded body or query, nested, with leaves as text
 */
export function parametersError(
  method: string,
  path: string,
  form: Record<string, unknown>,
): ParameterError | undefined {
  const schema = operationAt(method, path);
  return schema && objectError(form, schema, "");
}

interface Segment {
  next: Map<string, Segment>;
  schema?: ParameterSchema;
}

// The cast is needed because the type inferred from the file itself is as large as the file.
const { operations, $defs } = catalogue as unknown as ParameterCatalogue;
const root = indexed();

function indexed(): Segment {
  const start: Segment = { next: new Map() };
  for (const [endpoint, schema] of Object.entries(operations)) {
    let at = start;
    for (const name of endpoint.split(/[ /]+/)) {
      const next = at.next.get(name) ?? { next: new Map() };
      at.next.set(name, next);
      at = next;
    }
    at.schema = schema;
  }
  return start;
}

function operationAt(method: string, path: string): ParameterSchema | undefined {
  let at: Segment | undefined = root.next.get(method);
  for (const name of path.split("/").slice(1)) at = at?.next.get(name) ?? (name ? at?.next.get("{id}") : undefined);
  return at?.schema;
}

function valueError(value: unknown, schema: ParameterSchema, param: string): ParameterError | undefined {
  if (schema.$ref) return valueError(value, definition(schema.$ref), param);
  if (schema.anyOf) return unionError(value, schema.anyOf, param);
  if (schema.type === "object")
    return isObject(value) ? objectError(value, schema, param) : shapeError(value, "object", param);
  if (schema.type === "array")
    return Array.isArray(value) ? arrayError(value, schema, param) : shapeError(value, "array", param);
  return typeof value === "object" && value !== null
    ? invalid(param, `Invalid string: ${JSON.stringify(value)}`)
    : leafError(String(value ?? ""), schema, param);
}

function objectError(
  value: Record<string, unknown>,
  { properties = {}, required = [], additionalProperties }: ParameterSchema,
  param: string,
): ParameterError | undefined {
  for (const [name, part] of Object.entries(value)) {
    const inner = param ? `${param}[${name}]` : name;
    const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (!known) return { code: "parameter_unknown", param: inner, message: `Received unknown parameter: ${inner}` };
    const error = valueError(part, known, inner);
    if (error) return error;
  }
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing === undefined) return undefined;
  const inner = param ? `${param}[${missing}]` : missing;
  return { code: "parameter_missing", param: inner, message: `Missing required param: ${inner}.` };
}

function arrayError(value: unknown[], { items = {} }: ParameterSchema, param: string): ParameterError | undefined {
  for (const [index, item] of value.entries()) {
    const error = valueError(item, items, `${param}[${index}]`);
    if (error) return error;
  }
  return undefined;
}

/**
 * Checks a value against a union. If it satisfies no branch, the error is that of the branch which it resembles most.
 */
function unionError(value: unknown, branches: ParameterSchema[], param: string): ParameterError | undefined {
  const errors: ParameterError[] = [];
  for (const branch of branches) {
    const error = valueError(value, branch, param);
    if (!error) return undefined;
    errors.push(error);
  }
  const alike = errors.filter((_, index) => resembles(value, branches[index]));
  return deepest(alike.length > 0 ? alike : errors);
}

function resembles(value: unknown, schema: ParameterSchema | undefined): boolean {
  if (schema?.$ref) return resembles(value, definition(schema.$ref));
  if (Array.isArray(value)) return schema?.type === "array";
  if (isObject(value)) return schema?.type === "object";
  return schema?.type !== "array" && schema?.type !== "object" && !schema?.enum?.includes(null);
}

/**
 * Returns the most specific error: one further inside the value, or one of another kind than a wrong member, means that
 * more of the value was right.
 */
function deepest(errors: ParameterError[]): ParameterError | undefined {
  const nearness = ({ param, code }: ParameterError) =>
    2 * param.split("[").length + (code === "parameter_invalid" ? 0 : 1);
  return errors.toSorted((one, other) => nearness(other) - nearness(one))[0];
}

function leafError(text: string, schema: ParameterSchema, param: string): ParameterError | undefined {
  if (text === "") return admitsEmpty(schema) ? undefined : emptyError(param);
  if (schema.enum) return schema.enum.includes(text) ? undefined : enumError(schema.enum, param);
  switch (schema.type) {
    case "integer":
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))
        ? undefined
        : { code: "parameter_invalid_integer", param, message: `Invalid integer: ${text}` };
    case "number":
      return /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? undefined : invalid(param, `Invalid decimal: ${text}`);
    case "boolean":
      return text === "true" || text === "false" ? undefined : invalid(param, `Invalid boolean: ${text}`);
    default:
      return undefined;
  }
}

/** Tells whether a parameter may be an empty string, which Stripe reads as "remove the value". */
function admitsEmpty(schema: ParameterSchema): boolean {
  return schema.enum ? schema.enum.includes("") : Array.isArray(schema.type) && schema.type.includes("null");
}

function emptyError(param: string): ParameterError {
  return {
    code: "parameter_invalid_empty",
    param,
    message: `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
  };
}

function enumError(members: (string | null)[], param: string): ParameterError {
  const named = members.filter((member) => member !== null && member !== "");
  const list = named.length > 2 ? `${named.slice(0, -1).join(", ")}, or ${named.at(-1)}` : named.join(" or ");
  return invalid(param, `Invalid ${param}: must be one of ${list}`);
}

function shapeError(value: unknown, wanted: "object" | "array", param: string): ParameterError {
  return value === "" || value === null ? emptyError(param) : invalid(param, `Invalid ${wanted}`);
}

function invalid(param: string, message: string): ParameterError {
  return { code: "parameter_invalid", param, message };
}

function definition(reference: string): ParameterSchema {
  const found = $defs[reference.slice("#/$defs/".length)];
  if (!found) throw new Error(`stripe-schema.json has no ${reference}`);
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
