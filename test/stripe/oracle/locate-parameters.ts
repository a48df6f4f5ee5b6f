import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One call that the SDK makes. */
export interface Call {
  /** The endpoint, as in "POST /v1/transfers/{id}/reversals". */
  endpoint: string;
  /** The path of the declaration file, without its ending. */
  module: string;
  /** The parameters' type under that module's name; undefined if the call takes none. */
  type: string | undefined;
}

const resources = join(import.meta.dirname, "../../../node_modules/stripe/esm/resources");

/**
 * Lists every call that the SDK makes, with the type of its parameters: the JavaScript has method and path, the
 * declaration of the same class and method has the type. Stripe generates both files in a uniform layout, so they can
 * be read by lines; a changed layout loses endpoints, which `generateSchema` refuses.
 */
export function locateParameters(): Call[] {
  return readdirSync(resources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort()
    .flatMap(callsOfModule);
}

function callsOfModule(file: string): Call[] {
  const module = join(resources, file.replace(/\.js$/, ""));
  const types = parameterTypes(readFileSync(`${module}.d.ts`, "utf8"));
  return methods(readFileSync(`${module}.js`, "utf8")).flatMap(({ name, body }) =>
    [...body.matchAll(/this\._makeRequest\('([A-Z]+)', (['`])(\/v1\/.*?)\2/g)].map(([, method, , path]) => ({
      endpoint: `${method} ${path?.replace(/\$\{[^}]*\}/g, "{id}")}`,
      module,
      type: types.get(name),
    })),
  );
}

interface Named {
  name: string;
  body: string;
}

/** Methods start with four spaces. */
function methods(source: string): Named[] {
  return classes(source).flatMap(({ name, body }) =>
    body.split(/^ {4}(?=\w+\(.*\{$)/m).map((method) => ({
      name: `${name}.${method.slice(0, method.indexOf("("))}`,
      body: method,
    })),
  );
}

function parameterTypes(declarations: string): Map<string, string | undefined> {
  return new Map(
    classes(declarations).flatMap(({ name, body }) =>
      [...body.matchAll(/^ {4}(\w+)\(.*?\bparams\??: ([\w.]+)/gm)].map(
        ([, method, type]) => [`${name}.${method}`, type] as const,
      ),
    ),
  );
}

function classes(source: string): Named[] {
  return [...source.matchAll(/^export (?:declare )?class (\w+) .*?^\}/gms)].map(([body, name = ""]) => ({
    name,
    body,
  }));
}
