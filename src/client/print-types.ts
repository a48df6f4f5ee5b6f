import type { Schema } from "./description.ts";

/** The keywords that say nothing about the type in TypeScript, beside those that are read below. */
const limits = new Set([
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"],
  ...["format", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "propertyNames"],
  ...["default", "example", "examples", "title", "deprecated", "discriminator", "readOnly", "writeOnly"],
]);
const read = new Set([
  ...[
    "$ref",
    "type",
    "const",
    "enum",
    "anyOf",
    "oneOf",
    "allOf",
    "items",
    "properties",
    "required",
    "additionalProperties",
  ],
  "description",
]);

/**
 * Prints the type of the values that a schema allows. Throws on a keyword that it does not know, because a type that
 * ignores it could be wrong.
 */
export function printType(schema: Schema, indent = ""): string {
  const unknown = Object.keys(schema).find((keyword) => !limits.has(keyword) && !read.has(keyword));
  if (unknown !== undefined) throw new Error(`no type is known for the keyword ${unknown}`);
  if (schema.$ref !== undefined) return typeNameOf(schema.$ref.replace(/^.*\//, ""));
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const { allOf, ...own } = schema;
  if (allOf)
    return [...allOf, ...(own.type ? [own] : [])].map((one) => parenthesized(printType(one, indent))).join(" & ");
  const alternatives = (schema.anyOf ?? schema.oneOf)?.map((one) => printType(one, indent));
  // Alternatives without a type of their own only limit the values, such as by which members go together.
  if (alternatives && !(schema.type && alternatives.includes("unknown"))) return union(alternatives);
  if (schema.type === undefined) return "unknown";
  return union([schema.type].flat().map((type) => printOfType(type, schema, indent)));
}

function printOfType(type: string, schema: Schema, indent: string): string {
  switch (type) {
    case "string":
    case "boolean":
    case "null":
    case "number":
      return type;
    case "integer":
      return "number";
    case "array":
      return `readonly ${parenthesized(printType(schema.items ?? {}, indent))}[]`;
    case "object":
      return printObject(schema, indent);
    default:
      throw new Error(`no type is known for ${type}`);
  }
}

function printObject({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(([name, schema]) => {
    const type = printType(schema, inner);
    const isRequired = required.includes(name);
    return `${printComment(schema.description, inner)}${inner}${keyOf(name)}${isRequired ? "" : "?"}: ${type}${isRequired ? "" : " | undefined"};\n`;
  });
  if (typeof additionalProperties === "object") {
    // Named members beside it have types of their own, which this one must contain.
    const type = members.length > 0 ? "unknown" : printType(additionalProperties, inner);
    members.push(`${inner}[member: string]: ${type};\n`);
  }
  if (members.length === 0) return "{ [member: string]: unknown }";
  return `{\n${members.join("")}${indent}}`;
}

/** Prints a comment on the line before a member; nothing if there is nothing to say. */
export function printComment(text: string | undefined, indent: string): string {
  if (text === undefined) return "";
  const lines = text.replaceAll("*/", "* /").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

/** Returns the name of a type, which must be none that the language has. */
export function typeNameOf(name: string): string {
  return name === "Error" ? "ErrorBody" : name;
}

/** Prints a member's name, quoted where it must be. */
export function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

export function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}

function parenthesized(type: string): string {
  return /^[\w$]+$/.test(type) || /^\{[^|]*\}$/s.test(type) ? type : `(${type})`;
}
