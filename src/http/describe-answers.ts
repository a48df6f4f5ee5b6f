import * as z from "zod";
import type { ErrorResponse } from "./dialect";
import { documentedErrors, errorMediaType } from "./documented-errors";
import recorded from "./examples.json";
import { rowsOf } from "./prices";
import type { Route } from "./route";

/** Examples of answers by their name, and the name of each answer's by operation, status and code. */
const { answers, examples } = recorded as {
  answers: Record<string, Record<string, string>>;
  examples: Record<string, unknown>;
};

/** The headers of answers, by their name among the components. */
const answerHeaders = {
  RequestId: header("The request's id, in the log as well. A well-formed one that the client sends is kept.", "string"),
  CacheControl: header("`no-store`, or how long the answer may be kept.", "string"),
  IdempotentReplayed: header("`true` on the first answer's repetition under the same key.", "string"),
  RetryAfter: header("Seconds after which the same request may be sent again.", "integer"),
  Authenticate: header("The scheme of the credential that is needed.", "string"),
  RateLimitPolicy: header("The quotas: how many uses, rows or bytes (`q`) in how many seconds (`w`).", "string"),
  RateLimit: header("How much is left of each (`r`), and in how many seconds there is more (`t`).", "string"),
};

type HeaderName = keyof typeof answerHeaders;

function header(description: string, type: "string" | "integer") {
  return { description, schema: { type } } as const;
}

/** Describes the answers of an operation by status, of all contracts that share it. */
export function answersOf(routes: readonly Route[]) {
  const told = routes.flatMap((route) => [...successesOf(route), ...errorsOf(route)]);
  return Object.fromEntries(
    [...Map.groupBy(told, ({ status }) => status)].map(([status, list]) => [
      String(status),
      {
        description: [...new Set(list.map(({ description }) => description))].join(", or: "),
        headers: headersOf(list),
        ...contentOf(list),
      },
    ]),
  );
}

/** The answer of one contract with one status. */
interface Answer {
  status: number;
  description: string;
  headers: readonly (readonly [name: string, component: HeaderName])[];
  mediaType?: string;
  schema?: z.ZodType | { allOf: object[] };
  /** Names of examples. */
  examples: readonly string[];
}

const always = [
  ["Request-Id", "RequestId"],
  ["Cache-Control", "CacheControl"],
] as const;

function successesOf(route: Route): Answer[] {
  const { operationId, keyed, responses } = route.contract;
  return Object.entries(responses).map(([status, { description, schema }]) => ({
    status: Number(status),
    description,
    headers: [
      ...always,
      ...(keyed ? ([["Idempotent-Replayed", "IdempotentReplayed"]] as const) : []),
      ...quotaOf(route),
    ],
    ...(schema ? { mediaType: "application/json", schema } : {}),
    examples: exampleOf(operationId, status),
  }));
}

function errorsOf(route: Route): Answer[] {
  const { operationId } = route.contract;
  return documentedErrors(route).map(([status, codes]) => ({
    status,
    description: descriptions[status],
    headers: [
      ...always,
      ...(status === 401 ? ([["WWW-Authenticate", "Authenticate"]] as const) : []),
      ...(status === 429 || status === 503 ? ([["Retry-After", "RetryAfter"]] as const) : []),
      ...(status === 401 ? [] : quotaOf(route)),
    ],
    mediaType: errorMediaType(route, status),
    schema: {
      allOf: [
        { $ref: `#/components/schemas/${schemaIdOf(route, status)}` },
        {
          type: "object",
          properties: { [nameOfCode(route)]: { type: "string", enum: codes } },
          required: [nameOfCode(route)],
        },
      ],
    },
    examples: codes.flatMap((code) => exampleOf(operationId, `${status} ${code}`)),
  }));
}

function nameOfCode({ dialect }: Route): string {
  return dialect.namesErrors ? "errorCode" : "code";
}

function quotaOf({ contract: { quota, operationId } }: Route): Answer["headers"] {
  return quota || rowsOf(operationId) !== undefined
    ? [
        ["RateLimit-Policy", "RateLimitPolicy"],
        ["RateLimit", "RateLimit"],
      ]
    : [];
}

function exampleOf(operationId: string, answer: string): string[] {
  const name = answers[operationId]?.[answer];
  return name === undefined ? [] : [name];
}

function headersOf(told: readonly Answer[]) {
  const named = told.flatMap(({ headers }) => headers);
  return Object.fromEntries(named.map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]));
}

function contentOf(told: readonly Answer[]) {
  const byMediaType = [...Map.groupBy(told, ({ mediaType }) => mediaType ?? "")].filter(([type]) => type !== "");
  if (byMediaType.length === 0) return {};
  const content = byMediaType.map(([mediaType, list]) => {
    const references = list.flatMap(({ examples: names }) =>
      names.map((name) => [name, { $ref: `#/components/examples/${name}` }]),
    );
    return [
      mediaType,
      {
        schema: schemaOf(list.flatMap(({ schema }) => schema ?? [])),
        ...(references.length === 0 ? {} : { examples: Object.fromEntries(references) }),
      },
    ];
  });
  return { content: Object.fromEntries(content) };
}

type AnswerSchema = NonNullable<Answer["schema"]>;

function schemaOf(schemas: readonly AnswerSchema[]): AnswerSchema | { oneOf: AnswerSchema[] } {
  const types = schemas.filter((schema) => schema instanceof z.ZodType);
  if (types.length === schemas.length) return oneOf(types);
  const [only, ...others] = schemas;
  return only && others.length === 0 ? only : { oneOf: [...schemas] };
}

/** Makes the schema of one of several. */
export function oneOf(schemas: readonly z.ZodType[]): z.ZodType {
  const [first = z.unknown(), ...others] = new Set(schemas);
  return others.length === 0 ? first : z.xor([first, ...others]);
}

/** Lists the schemas of the routes' error bodies, by name. */
export function errorSchemasOf(routes: readonly Route[]): Record<string, z.ZodType> {
  const all = routes.flatMap((route) =>
    documentedErrors(route).map(([status]) => route.dialect.documented.errorSchema(status)),
  );
  return Object.fromEntries(all.map((schema) => [String(schema.meta()?.id), schema]));
}

function schemaIdOf(route: Route, status: number): string {
  return String(route.dialect.documented.errorSchema(status).meta()?.id);
}

/** Lists the headers that the routes' answers refer to. */
export function headersUsedBy(routes: readonly Route[]) {
  const used = new Set<string>(
    routes.flatMap((route) =>
      [...successesOf(route), ...errorsOf(route)].flatMap(({ headers }) => headers.map(([, component]) => component)),
    ),
  );
  return Object.fromEntries(Object.entries(answerHeaders).filter(([name]) => used.has(name)));
}

/** Lists the examples that the routes' answers refer to. */
export function examplesOf(routes: readonly Route[]) {
  const named = routes.flatMap((route) =>
    [...successesOf(route), ...errorsOf(route)].flatMap((answer) => answer.examples),
  );
  return Object.fromEntries([...new Set(named)].sort().map((name) => [name, { value: examples[name] }]));
}

const descriptions: Record<ErrorResponse["status"] | 405, string> = {
  400: "The request cannot be read",
  401: "Nobody is logged in",
  402: "The payment was declined",
  403: "Not allowed",
  404: "Not found",
  405: "The path takes other methods",
  409: "Not possible in its present state",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "The input is not valid",
  429: "Too many requests",
  500: "Our fault",
  502: "Stripe answered what we cannot use",
  503: "Not available at the moment",
};
