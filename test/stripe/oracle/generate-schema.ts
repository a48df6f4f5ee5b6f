import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import type { ParameterCatalogue, ParameterSchema } from "../../../src/sandbox/parameters.ts";
import { closed } from "./close-schema.ts";
import { keptEndpoints } from "./kept-endpoints.ts";
import { type Call, locateParameters } from "./locate-parameters.ts";
import { shareDefinitions } from "./share-definitions.ts";

/** The file of the schema. */
export const schemaFile = join(import.meta.dirname, "../../../src/sandbox/stripe-schema.json");

/**
 * Generates, as JSON Schema, what the pinned SDK lets us send: its own parameter types for every kept endpoint, closed,
 * with common parts written once. The text has one operation or shared part a line, so that a diff shows what a new SDK
 * version changes.
 */
export function generateSchema(): string {
  const operations = Object.fromEntries(
    Object.entries(declaredTypes()).map(([endpoint, schema]) => [endpoint, withExpand(closed(schema, endpoint))]),
  );
  return print({ ...pinnedVersions(), ...shareDefinitions(operations) });
}

function declaredTypes(): Record<string, ParameterSchema> {
  const calls = keptCalls();
  const directory = mkdtempSync(join(tmpdir(), "stripe-schema-"));
  try {
    const path = join(directory, "calls.ts");
    writeFileSync(path, calls.map(aliasOf).join("\n"));
    const generator = createGenerator({
      path,
      type: calls.map((_, index) => `Call${index}`),
      expose: "none",
      topRef: false,
      jsDoc: "none",
      additionalProperties: false,
      skipTypeCheck: true,
    });
    return Object.fromEntries(
      calls.map(({ endpoint }, index) => [endpoint, generator.createSchema(`Call${index}`) as ParameterSchema]),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function keptCalls(): Call[] {
  const calls = new Map(locateParameters().map((call) => [call.endpoint, call]));
  return keptEndpoints.map((endpoint) => {
    const call = calls.get(endpoint);
    if (!call?.type) throw new Error(`The SDK declares no parameters for ${endpoint}`);
    return call;
  });
}

function aliasOf({ module, type }: Call, index: number): string {
  return [
    `import type * as module${index} from ${JSON.stringify(`${module}.js`)};`,
    `export type Call${index} = module${index}.${type};`,
  ].join("\n");
}

/** Adds `expand`, which Stripe takes everywhere and the SDK leaves out of a few types. */
function withExpand(schema: ParameterSchema): ParameterSchema {
  const expand = { type: "array", items: { type: "string", minLength: 1 } };
  return { ...schema, properties: { ...schema.properties, expand } };
}

function pinnedVersions(): Pick<ParameterCatalogue, "sdk" | "apiVersion"> {
  const sdk = join(import.meta.dirname, "../../../node_modules/stripe");
  const { version } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
  const apiVersion = /ApiVersion = '(.+)'/.exec(readFileSync(join(sdk, "esm/apiVersion.js"), "utf8"))?.[1];
  if (!apiVersion) throw new Error("The SDK does not say which API version it speaks");
  return { sdk: String(version), apiVersion };
}

function print({ sdk, apiVersion, operations, $defs }: ParameterCatalogue): string {
  return [
    `{"sdk":"${sdk}","apiVersion":"${apiVersion}",`,
    `"operations":{\n${lines(operations)}\n},`,
    `"$defs":{\n${lines($defs)}\n}}\n`,
  ].join("\n");
}

function lines(entries: Record<string, ParameterSchema>): string {
  return Object.entries(entries)
    .map(([key, schema]) => `${JSON.stringify(key)}:${JSON.stringify(schema)}`)
    .join(",\n");
}
