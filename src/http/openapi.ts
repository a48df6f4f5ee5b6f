import * as z from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Credentials, SecurityScheme } from "./dialect";
import { documentedErrors, errorMediaType } from "./documented-errors";
import { basePath } from "./mount";
import type { Route } from "./route";
import { strictly } from "./strictly";

/** Describes routes as OpenAPI 3.1. Everything in it comes from the contracts that serve the routes. */
export function describe(title: string, routes: readonly Route[], webhooks: ZodOpenApiPathsObject = {}) {
  const paths: ZodOpenApiPathsObject = {};
  for (const sharing of Map.groupBy(routes, ({ contract: { method, path } }) => `${method} ${path}`).values()) {
    const { method, path } = (sharing[0] as Route).contract;
    const template = basePath + path.replace(/:(\w+)/g, "{$1}");
    paths[template] = { ...paths[template], [method]: describeOperation(sharing) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title, version: "1.0.0", license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    paths,
    ...(Object.keys(webhooks).length > 0 ? { webhooks } : {}),
    components: { securitySchemes: schemesOf(routes) },
  });
}

const securitySchemes = {
  bearer: { type: "http", scheme: "bearer" },
  operator: { type: "http", scheme: "bearer" },
  developerToken: { type: "apiKey", in: "header", name: "X-Developer-Token" },
  appId: { type: "apiKey", in: "header", name: "X-App-ID" },
  userId: { type: "apiKey", in: "header", name: "X-User-ID" },
  applicationToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
} as const satisfies Record<SecurityScheme, object>;

/** Lists the security schemes that the routes use. */
function schemesOf(routes: readonly Route[]) {
  const used = new Set<string>(routes.flatMap((route) => credentialsOf(route).security.flat()));
  return Object.fromEntries(Object.entries(securitySchemes).filter(([name]) => used.has(name)));
}

function credentialsOf({ dialect, access }: Route): Credentials {
  return dialect.documented.credentials(access);
}

/**
 * Describes one operation. Several routes of one method and path belong to several contracts: the credential says which
 * one a request is for.
 */
function describeOperation(routes: readonly Route[]): ZodOpenApiOperationObject {
  const contracts = routes.map(({ contract }) => contract);
  const descriptions = contracts.flatMap(({ description }) => description ?? []);
  return {
    operationId: contracts.map(({ operationId }) => operationId).join("-or-"),
    tags: unique(contracts.map(({ tag }) => tag)),
    summary: contracts.map(({ summary }) => summary).join(", or: "),
    ...(descriptions.length === 0 ? {} : { description: descriptions.join("\n\n") }),
    security: securityOf(routes),
    requestParams: parametersOf(routes),
    ...requestBodyOf(routes),
    responses: responsesOf(routes),
  };
}

/** Lists the alternative credentials. If one contract needs none and another does, no credential is one of them. */
function securityOf(routes: readonly Route[]) {
  const sets = routes.map((route) => credentialsOf(route).security);
  const isOpenToo = sets.length > 1 && sets.some(({ length }) => length === 0);
  const named = sets.flat().map((set) => Object.fromEntries(set.map((name) => [name, []])));
  return isOpenToo ? [...named, {}] : named;
}

/** Describes the parameters. Contracts that share a path have the same names in it. */
function parametersOf(routes: readonly Route[]) {
  const contracts = routes.map(({ contract }) => contract);
  const [params] = contracts.flatMap((contract) => contract.params ?? []);
  const queries = contracts.flatMap(({ query }) => query ?? []);
  const query = queries.length > 1 ? z.object(Object.assign({}, ...queries.map(({ shape }) => shape))) : queries[0];
  const headers = {
    ...(contracts.some(({ keyed }) => keyed) ? keyHeader : {}),
    ...(routes.some(isOpened) ? encryptionHeader : {}),
  };
  return {
    ...(params ? { path: params } : {}),
    ...(query ? { query } : {}),
    ...(Object.keys(headers).length > 0 ? { header: z.object(headers) } : {}),
  };
}

const keyHeader = {
  "Idempotency-Key": z.string().min(1).max(128).optional().meta({
    description: "The same key and request again answer the first answer again, with `Idempotent-Replayed: true`.",
  }),
};

const encryptionHeader = {
  "Content-Encryption": z.literal("JWE").optional().meta({
    description: "Where the body is a compact JWE of the JSON, for the platform's public key.",
  }),
};

/** Tells whether the body may be encrypted. */
function isOpened({ contract, dialect }: Route): boolean {
  return contract.body !== undefined && dialect.open !== undefined;
}

function requestBodyOf(routes: readonly Route[]) {
  const bodies = routes.flatMap(({ contract: { body, bodyExample, operationId } }) =>
    body ? [{ schema: strictly(body), example: bodyExample, operationId }] : [],
  );
  const [only, ...others] = bodies;
  if (!only) return {};
  const examples = bodies.map(({ operationId, example }) => [operationId, { value: example }]);
  const content =
    others.length > 0
      ? { schema: oneOf(bodies.map(({ schema }) => schema)), examples: Object.fromEntries(examples) }
      : { schema: only.schema, ...(only.example === undefined ? {} : { example: only.example }) };
  const otherWays = {
    ...(routes.some(({ contract }) => contract.formToo) ? { "application/x-www-form-urlencoded": content } : {}),
    ...(routes.some(isOpened) ? { "application/jose": { schema: z.string() } } : {}),
  };
  // A missing body counts as an empty one.
  const required = bodies.some(({ schema }) => !schema.safeParse({}).success);
  return { requestBody: { required, content: { "application/json": content, ...otherWays } } };
}

/** The answer of one contract with one status. */
interface DescribedResponse {
  status: number;
  description: string;
  mediaType?: string;
  schema?: z.ZodType | undefined;
  example?: unknown;
}

function responsesOf(routes: readonly Route[]) {
  const told = routes.flatMap((route) => [...successesOf(route), ...failuresOf(route)]);
  return Object.fromEntries(
    [...Map.groupBy(told, ({ status }) => status)].map(([status, list]) => [
      String(status),
      { description: unique(list.map(({ description }) => description)).join(", or: "), ...contentOf(list) },
    ]),
  );
}

function contentOf(told: readonly DescribedResponse[]) {
  const byMediaType = [...Map.groupBy(told, ({ mediaType }) => mediaType ?? "")].filter(([type]) => type !== "");
  if (byMediaType.length === 0) return {};
  const content = byMediaType.map(([mediaType, list]) => {
    const [{ example } = {}] = list.filter((one) => one.example !== undefined);
    const schema = oneOf(list.flatMap((one) => one.schema ?? []));
    return [mediaType, { schema, ...(example === undefined ? {} : { example }) }];
  });
  return { content: Object.fromEntries(content) };
}

function successesOf({ contract: { responses } }: Route): DescribedResponse[] {
  return Object.entries(responses).map(([status, { description, schema, example }]) => ({
    status: Number(status),
    description,
    ...(schema ? { mediaType: "application/json", schema, example } : {}),
  }));
}

function failuresOf(route: Route): DescribedResponse[] {
  return documentedErrors(route).map(([status]) => ({
    status,
    description: descriptions[status] ?? "Error",
    mediaType: errorMediaType(route, status),
    schema: route.dialect.documented.errorSchema(status),
  }));
}

function oneOf(schemas: readonly z.ZodType[]): z.ZodType {
  const [first = z.unknown(), ...others] = unique(schemas);
  return others.length === 0 ? first : z.xor([first, ...others]);
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

const descriptions: Record<number, string> = {
  400: "The request cannot be read",
  401: "Nobody is logged in",
  402: "The payment was declined",
  403: "Not allowed",
  404: "Not found",
  409: "Not possible in its present state",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "The input is not valid",
  429: "Too many requests",
  500: "Our fault",
  502: "Stripe answered what we cannot use",
  503: "Not available at the moment",
};
