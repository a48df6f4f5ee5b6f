import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { ParameterCatalogue } from "../../../src/sandbox/parameters";
import { schemaFile } from "./generate-schema";

/** One request as it was sent: a path with real ids and without query, and the decoded form or query. */
export interface SentRequest {
  method: string;
  path: string;
  params: Record<string, unknown>;
}

/** A request that Stripe would refuse, and the reason. */
export interface Violation {
  method: string;
  path: string;
  problems: string[];
}

const catalogue: ParameterCatalogue = JSON.parse(readFileSync(schemaFile, "utf8"));

// Values are sent as text: "100" is the integer 100, and an empty text is null.
const ajv = new Ajv({ coerceTypes: true, allErrors: true, allowUnionTypes: true, strictTypes: false });
ajv.addSchema({ $id: "stripe", $defs: catalogue.$defs });

const patterns = Object.keys(catalogue.operations)
  .map((endpoint) => ({ endpoint, pattern: new RegExp(`^${endpoint.replaceAll("{id}", "[^/]+")}$`) }))
  // A fixed path comes before one that an id would also fit.
  .sort((one, other) => one.endpoint.split("{id}").length - other.endpoint.split("{id}").length);
const validators = new Map<string, ValidateFunction>();

/**
 * Checks recorded requests against the parameter types of the pinned SDK, with Ajv: a second check beside the sandbox's
 * own.
 * @returns one entry for each request that Stripe would refuse; a path that is not in the schema is one of them
 */
export function checkRequests(requests: SentRequest[]): Violation[] {
  return requests.flatMap(({ method, path, params }) => {
    const problems = problemsOf(`${method} ${path}`, params);
    return problems.length > 0 ? [{ method, path, problems }] : [];
  });
}

function problemsOf(request: string, params: Record<string, unknown>): string[] {
  const endpoint = patterns.find(({ pattern }) => pattern.test(request))?.endpoint;
  if (!endpoint) return [`${request} is not in the schema; see kept-endpoints`];
  const validate = validatorOf(endpoint);
  // Ajv writes coerced values into its argument, so it gets a copy.
  return validate(structuredClone(params)) ? [] : (validate.errors ?? []).map(described);
}

function validatorOf(endpoint: string): ValidateFunction {
  const known = validators.get(endpoint);
  if (known) return known;
  const text = JSON.stringify(catalogue.operations[endpoint]).replaceAll('"#/$defs/', '"stripe#/$defs/');
  const validate = ajv.compile(JSON.parse(text));
  validators.set(endpoint, validate);
  return validate;
}

function described({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
}
