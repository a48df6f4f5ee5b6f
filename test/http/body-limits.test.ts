import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { routes } from "../../src/app";
import { bodyLimitDefault } from "../../src/http/admit";

/*
 * A body may be as large as what its schema allows, with four bytes for each character, and no larger than need be: 8 KB,
 * or the next power of two.
 */

/** The parts of a JSON Schema that limit the length of a value. */
interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  description?: string;
}

const bytesOfCharacter = 4;

/** The length of a text that no schema limits: a phone number, a day, an id. */
const shortText = 64;

/** Returns the most bytes of JSON that a value of a schema has. */
function mostBytes(schema: Schema, at: (reference: string) => Schema): number {
  const most = (part: Schema) => mostBytes(part, at);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 2);
  if (schema.$ref !== undefined) return most(at(schema.$ref));
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return Math.max(...either.map(most));
  if (schema.allOf) return sum(schema.allOf.map(most));
  if (schema.enum) return Math.max(...schema.enum.map((value) => JSON.stringify(value).length));
  if (schema.properties)
    return sum(Object.entries(schema.properties).map(([name, part]) => name.length + 4 + most(part)));
  if (schema.items) return 2 + (schema.maxItems ?? 1) * (1 + most(schema.items));
  if (schema.additionalProperties) return bytesOfCharacter * statedMax(schema);
  if (schema.type === "string" || schema.type === undefined)
    return 2 + bytesOfCharacter * (schema.maxLength ?? shortText);
  return 24;
}

/** Returns the limit of members that a caller makes up, which only words can say. */
function statedMax({ description = "" }: Schema): number {
  const [, stated] = /At most (\d+) characters of JSON/.exec(description) ?? [];
  expect(stated, description).toBeDefined();
  return Number(stated);
}

const withBody = routes.filter(
  ({ contract }) => contract.body !== undefined && contract.rawBodyLimitBytes === undefined,
);

it("is as large as the schema needs, and no larger", async () => {
  const response = await exports.default.fetch(new Request("http://localhost/api/v1/openapi.json"));
  // biome-ignore lint/suspicious/noExplicitAny: the description is JSON of any form
  const document: any = await response.json();
  const at = (reference: string) =>
    reference
      .split("/")
      .slice(1)
      .reduce((node, name) => node[name], document) as Schema;
  for (const { contract } of withBody) {
    const path = contract.path.replace(/:(\w+)/g, "{$1}");
    const { content } = document.paths[`/api/v1${path}`][contract.method].requestBody;
    const limit = contract.bodyLimitBytes ?? bodyLimitDefault;
    const needed = mostBytes(content["application/json"].schema, at);
    expect(limit, `${contract.operationId} needs ${needed}`).toBeGreaterThanOrEqual(needed);
    if (limit > bodyLimitDefault) expect(limit, `${contract.operationId} needs ${needed}`).toBeLessThan(2 * needed);
  }
  expect(withBody.length).toBeGreaterThan(40);
});
