import type { Description, SecurityScheme } from "./description.ts";
import { type Placed, printErrorRow, printMethod, printOperationTypes } from "./print-operations.ts";
import { keyOf, printComment, printType, typeNameOf } from "./print-types.ts";

/** The files of src/client/runtime that stand in every client, in their order. */
export const runtimeFiles = ["options", "request", "ask", "failures", "connect", "list", "verify-webhook"];

/** Exports that a user of the client names. All else is the file's own. */
const shown = [
  ...["AnswerLost", "CallOptions", "ClientOptions", "Credential", "List", "ReceivedWebhook", "Refusal"],
  ...["VerifiedWebhook", "WebhookEvent", "WebhookRefused", "verifyWebhook"],
];

/**
 * Makes the typed client of a contract: one TypeScript file that needs nothing else. `contract` is its name in the
 * plural ("payments"), `runtime` the texts of `runtimeFiles`. Throws if the description has what no client can be made
 * of.
 */
export function makeClient(contract: string, description: Description, runtime: readonly string[]): string {
  const { schemas = {}, securitySchemes = {} } = description.components;
  const operations = operationsOf(description, schemas);
  const name = contract.charAt(0).toUpperCase() + contract.slice(1);
  const types = Object.entries(schemas).map(
    ([id, schema]) =>
      `${printComment(schema.description, "")}export type ${typeNameOf(id)} = ${named(id, () => printType(schema))};\n`,
  );
  return `/**
 * Accord: the typed client of the ${contract} contract, made of its API description. It needs no package and runs in
 * browsers, Node, Deno and Workers. Copy this file into your project. The guide is /guides/typed-client of your server.
 *
 * SPDX-License-Identifier: MIT
 */

${runtime.map(joined).join("\n")}
${types.join("\n")}
${operations.map((placed) => named(placed.operation.operationId, () => printOperationTypes(placed))).join("\n")}
/** The errors of each operation. */
export interface ${name}Errors {
${operations.map(printErrorRow).join("")}}

/** Tells whether a call of this operation was refused, and with that which errors it can be. */
export function isRefusal<Name extends keyof ${name}Errors>(
  thrown: unknown,
  operation: Name,
): thrown is ${name}Errors[Name] {
  return thrown instanceof Refusal && thrown.operation === operation;
}

/** Settings of this contract's client: where the server is, and the credentials of its caller. */
export interface ${name}Options extends ClientOptions {
${[...optionsOf(securitySchemes)].map(([option, comment]) => `${printComment(comment, "  ")}  ${option}?: Credential | undefined;\n`).join("")}}

/** The operations of the ${contract} contract, each with its one argument and its result. */
export type ${name}Client = ReturnType<typeof create${name}>;

/** Makes a client. It holds no connection and no state, so there may be one for each caller. */
export function create${name}(options: ${name}Options) {
  const send = connect(options, {
${Object.entries(securitySchemes).map(printScheme).join("")}  });
  return {
${operations.map(printMethod).join("\n")}  };
}
`;
}

/** Says of a failure which part of the description it is about. */
function named(part: string, print: () => string): string {
  try {
    return print();
  } catch (cause) {
    throw new Error(`no client can be made of ${part}: ${(cause as Error).message}`, { cause });
  }
}

function operationsOf({ paths }: Description, schemas: Placed["schemas"]): Placed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, schemas })),
  );
}

/** Prepares a file for standing beside the others: without imports, and only what is shown exported. */
function joined(text: string): string {
  return text
    .replace(/^import .* from "\.\/.*";\n/gm, "")
    .replace(/^export (?=(?:async )?(?:function|class|interface|type|const) (\w+))/gm, (kept, name: string) =>
      shown.includes(name) ? kept : "",
    )
    .trim()
    .concat("\n");
}

/** Returns the options of the credentials, with what each is. Two schemes of bearer tokens are one option. */
function optionsOf(schemes: Readonly<Record<string, SecurityScheme>>): Map<string, string> {
  return new Map(
    Object.entries(schemes).map(([name, scheme]) => [optionOf(name, scheme), `Sent as ${shownAs(scheme)}.`]),
  );
}

function optionOf(name: string, scheme: SecurityScheme): string {
  return scheme.type === "http" ? "token" : name;
}

function shownAs(scheme: SecurityScheme): string {
  return scheme.type === "http" ? "`Authorization: Bearer`" : `\`${scheme.name}\``;
}

function printScheme([name, scheme]: [string, SecurityScheme]): string {
  const [header, prefix] = scheme.type === "http" ? ["Authorization", "Bearer "] : [scheme.name, ""];
  const credential = `options.${optionOf(name, scheme)}`;
  return `    ${keyOf(name)}: { header: "${header}", prefix: "${prefix}", credential: ${credential} },\n`;
}
