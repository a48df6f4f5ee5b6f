import type { Operation, Parameter, Schema } from "./description.ts";
import { keyOf, printComment, printType, union } from "./print-types.ts";

type Schemas = Readonly<Record<string, Schema>>;

/** An operation with its place. */
export interface Placed {
  path: string;
  method: string;
  operation: Operation;
  /** The description's named schemas. */
  schemas: Schemas;
}

/** Returns the name of an operation's method: `create-app` → `createApp`. */
function methodNameOf({ operationId }: Operation): string {
  return operationId.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function typeNameOf(operation: Operation): string {
  const name = methodNameOf(operation);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Prints the types of an operation: its request if it has one, its result, its errors. */
export function printOperationTypes(placed: Placed): string {
  const { operation } = placed;
  const name = typeNameOf(operation);
  const parts = requestPartsOf(placed);
  const request = parts.map(({ comment, member, type, isRequired }) => {
    const optional = isRequired ? "" : "?";
    return `${printComment(comment, "  ")}  ${member}${optional}: ${type}${isRequired ? "" : " | undefined"};\n`;
  });
  const requestType = request.length === 0 ? "" : `export interface ${name}Request {\n${request.join("")}}\n\n`;
  const successes = statusesOf(operation, (status) => status < 300).map(({ schema }) =>
    schema ? printType(schema) : "void",
  );
  const members = errorsOf(placed).map(
    ({ status, body, code }) => `\n  | Refusal<"${methodNameOf(operation)}", ${status}, ${body}, ${code}>`,
  );
  return `${requestType}export type ${name}Result = ${union(successes)};

export type ${name}Error =${members.join("")};
`;
}

interface RequestPart {
  member: string;
  type: string;
  isRequired: boolean;
  comment?: string;
}

/** Lists the parts of the one argument of an operation. */
function requestPartsOf({ operation }: Placed): RequestPart[] {
  const { requestBody } = operation;
  const [path, query] = ["path", "query"].map((where) => parametersIn(operation, where)) as [Parameter[], Parameter[]];
  const parts: RequestPart[] = [];
  if (path.length > 0) parts.push({ member: "path", type: printParameters(path), isRequired: true });
  if (query.length > 0) {
    const isRequired = query.some(({ required }) => required);
    parts.push({ member: "query", type: printParameters(query), isRequired });
  }
  if (requestBody) {
    const { "application/json": json, "application/jose": jose, ...others } = requestBody.content;
    if (!json) throw new Error(`no type is known for a body of ${Object.keys(others)}`);
    const type = union([printType(json.schema, "  "), ...(jose ? ["string"] : [])]);
    const comment = jose ? { comment: "A text is a compact JWE of the JSON." } : {};
    parts.push({ member: "body", type, isRequired: requestBody.required ?? false, ...comment });
  }
  if (isKeyed(operation)) {
    const comment = "Made by the client unless given. The same key and request happen once.";
    parts.push({ member: "idempotencyKey", type: "string", isRequired: false, comment });
  }
  return parts;
}

function parametersIn({ parameters = [] }: Operation, where: string): Parameter[] {
  const strange = parameters.find(({ in: place, name }) => place === "header" && !headers.includes(name));
  if (strange) throw new Error(`the client does not know the header ${strange.name}`);
  return parameters.filter((one) => one.in === where);
}

/** The headers that the client sets by itself. */
const headers = ["Idempotency-Key", "Content-Encryption"];

function isKeyed({ parameters = [] }: Operation): boolean {
  return parameters.some(({ name }) => name === "Idempotency-Key");
}

function printParameters(parameters: readonly Parameter[]): string {
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.flatMap(({ name, required: isRequired }) => (isRequired ? [name] : []));
  return printType({ type: "object", properties, required }, "  ");
}

interface Answered {
  status: number;
  schema: Schema | undefined;
}

function statusesOf({ responses }: Operation, wanted: (status: number) => boolean): Answered[] {
  return Object.entries(responses).flatMap(([text, { content = {} }]) => {
    const status = Number(text);
    return wanted(status) ? [{ status, schema: Object.values(content)[0]?.schema }] : [];
  });
}

interface DocumentedError {
  status: number;
  /** The type of its body, and that of its code. */
  body: string;
  code: string;
}

/** Lists the documented errors, one for each code. Throws if an error's schema does not list its codes. */
function errorsOf({ operation, schemas }: Placed): DocumentedError[] {
  return statusesOf(operation, (status) => status >= 400).flatMap(({ status, schema = {} }) => {
    const parts = [resolved(schema, schemas), ...(resolved(schema, schemas).allOf ?? [])];
    const members = parts.map(({ properties }) => properties?.errorCode ?? properties?.code);
    const codes = members.flatMap((member) => member?.enum ?? []);
    if (codes.length === 0) throw new Error(`the ${status} does not list its codes`);
    return codes.map((code) => ({ status, body: printType(schema, "  "), code: JSON.stringify(code) }));
  });
}

/** Returns the schema that a reference names, or the schema itself. */
function resolved(schema: Schema, schemas: Schemas): Schema {
  const named = schema.$ref === undefined ? undefined : schemas[schema.$ref.replace("#/components/schemas/", "")];
  return named ? resolved(named, schemas) : schema;
}

/** How a list goes on: what its items are, and how the query of the next page is read from a page. */
interface Pages {
  items: string;
  after: string;
}

/** Returns how an operation's answer is continued; undefined if it is no list of several pages. */
function pagesOf({ operation, schemas }: Placed): Pages | undefined {
  const [answer] = statusesOf(operation, (status) => status === 200);
  const whole = resolved(answer?.schema ?? {}, schemas);
  const forms = (whole.anyOf ?? [whole]).map((form) => resolved(form, schemas).properties ?? {});
  const memberOf = (form: Record<string, Schema>, name: string) => resolved(form[name] ?? {}, schemas);
  const isLinked = forms.map((form) => memberOf(form, "links").properties?.next !== undefined);
  if (isLinked.every(Boolean)) return { items: "data", after: "page.links.next" };
  if (isLinked.some(Boolean)) return { items: "data", after: `"links" in page ? page.links.next : null` };
  const [data, meta] = ["data", "meta"].map((name) => memberOf(forms[0] ?? {}, name));
  if (meta?.properties?.next_cursor) {
    return { items: "data", after: "page.meta.next_cursor === null ? null : { cursor: page.meta.next_cursor }" };
  }
  const isByCursor = parametersIn(operation, "query").some(({ name }) => name === "starting_after");
  const isNumbered = resolved(data?.anyOf?.[0] ?? data ?? {}, schemas).properties?.content !== undefined;
  if (isNumbered) {
    const numbered = "page.data.last ? null : { page: page.data.number + 1 }";
    const byCursor = "page.data";
    return {
      items: "data.content",
      after: isByCursor ? `"last" in page.data ? (${numbered}) : ${byCursor}` : numbered,
    };
  }
  return isByCursor
    ? { items: "data", after: "({ has_more: page.has_more ?? false, scanned_to: page.scanned_to })" }
    : undefined;
}

/** Prints the method of an operation. */
export function printMethod(placed: Placed): string {
  const { operation, path, method } = placed;
  const [name, type] = [methodNameOf(operation), typeNameOf(operation)];
  const parts = requestPartsOf(placed);
  const isOptional = parts.every(({ isRequired }) => !isRequired);
  const request = parts.length === 0 ? "" : `request: ${type}Request${isOptional ? " = {}" : ""}, `;
  const sent = parts.length === 0 ? "{}" : "request";
  const pages = pagesOf(placed);
  const comment = printComment([operation.summary, operation.description].filter(Boolean).join("\n\n"), "    ");
  const traits = `{
      name: "${name}",
      method: "${method.toUpperCase()}",
      path: "${path}",
      security: ${JSON.stringify((operation.security ?? []).map((set) => Object.keys(set)))},
      refusals: ${JSON.stringify(statusesOf(operation, (status) => status >= 400).map(({ status }) => status))},${isKeyed(operation) ? "\n      keyed: true," : ""}
    }`;
  if (!pages) {
    return `${comment}    ${name}: (${request}call?: CallOptions): Promise<${type}Result> => send(${traits}, ${sent}, call),\n`;
  }
  const item = `${type}Result${pages.items
    .split(".")
    .map((member) => `[${JSON.stringify(member)}]`)
    .join("")}[number]`;
  return `${comment}    ${name}: (${request}call?: CallOptions): List<${type}Result, ${item}> => list(
      (query) => send<${type}Result>(${traits}, { ...request, query }, call),
      request.query,
      (page) => page.${pages.items},
      (page) => ${pages.after},
    ),\n`;
}

/** Prints a row of the table of errors by operation. */
export function printErrorRow({ operation }: Placed): string {
  return `  ${keyOf(methodNameOf(operation))}: ${typeNameOf(operation)}Error;\n`;
}
