import * as z from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { answersOf, errorSchemasOf, examplesOf, headersUsedBy, oneOf } from "./describe-answers";
import { describeInfo, describeTags } from "./describe-info";
import type { Credentials, SecurityScheme } from "./dialect";
import { basePath } from "./mount";
import { nameSchemas } from "./name-schemas";
import type { Route } from "./route";
import { strictly } from "./strictly";

/**
 * Describes routes as OpenAPI 3.1. Everything in it comes from the contracts that serve the routes, and the examples of
 * answers from what tests were answered.
 */
export function describe(title: string, routes: readonly Route[], webhooks: ZodOpenApiPathsObject = {}) {
  const paths: ZodOpenApiPathsObject = {};
  for (const sharing of Map.groupBy(routes, ({ contract: { method, path } }) => `${method} ${path}`).values()) {
    const { method, path } = (sharing[0] as Route).contract;
    const template = basePath + path.replace(/^\/$/, "").replace(/:(\w+)/g, "{$1}");
    paths[template] = { ...paths[template], [method]: describeOperation(sharing) };
  }
  const document = createDocument({
    openapi: "3.1.0",
    info: describeInfo(title, routes),
    servers: [{ url: "/", description: "This server" }],
    tags: describeTags(routes, Object.keys(webhooks).length > 0),
    paths,
    ...(Object.keys(webhooks).length > 0 ? { webhooks } : {}),
    components: {
      securitySchemes: schemesOf(routes),
      schemas: errorSchemasOf(routes),
      examples: examplesOf(routes),
      headers: headersUsedBy(routes),
    },
  });
  return nameSchemas(document);
}

const securitySchemes = {
  bearer: { type: "http", scheme: "bearer", description: "The token that registering or logging in answered." },
  operator: { type: "http", scheme: "bearer", description: "A token of the operator's, of the deployment's settings." },
  developerToken: {
    type: "apiKey",
    in: "header",
    name: "X-Developer-Token",
    description: "The token that an operator gave to the developer.",
  },
  appId: { type: "apiKey", in: "header", name: "X-App-ID", description: "The id of one of the developer's apps." },
  userId: { type: "apiKey", in: "header", name: "X-User-ID", description: "The id of one of the app's shoppers." },
  applicationToken: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The token of the token endpoint. It lasts an hour.",
  },
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
  const descriptions = routes.map((route) => {
    const { summary, description = `${summary}.` } = route.contract;
    return [description, ...sayScopes(route)].join(" ");
  });
  return {
    operationId: contracts.map(({ operationId }) => operationId).join("-or-"),
    tags: unique(contracts.map(({ tag }) => tag)),
    summary: contracts.map(({ summary }) => summary).join(", or: "),
    description: descriptions.join("\n\n"),
    security: securityOf(routes),
    ...scopesNamed(routes),
    requestParams: parametersOf(routes),
    ...requestBodyOf(routes),
    responses: answersOf(routes),
  };
}

/** Lists the alternative credentials. If one contract needs none and another does, no credential is one of them. */
function securityOf(routes: readonly Route[]) {
  const sets = routes.map((route) => credentialsOf(route).security);
  const isOpenToo = sets.length > 1 && sets.some(({ length }) => length === 0);
  const named = routes.flatMap((route) =>
    credentialsOf(route).security.map((set) => Object.fromEntries(set.map((name) => [name, [] as string[]]))),
  );
  return isOpenToo ? [...named, {}] : named;
}

/**
 * Names the scopes of which each credential needs one, in a member of our own: under `security` OpenAPI lists the scopes
 * of OAuth 2 and OpenID Connect alone.
 */
function scopesNamed(routes: readonly Route[]): { "x-scopes"?: Record<string, string[]> } {
  const needed = routes.flatMap((route) =>
    unique(credentialsOf(route).security.flat()).map((scheme) => [scheme, scopesOf(route, scheme)] as const),
  );
  const named = needed.filter(([, scopes]) => scopes.length > 0);
  return named.length === 0 ? {} : { "x-scopes": Object.fromEntries(named) };
}

/** Lists the scopes of which a credential needs one. */
function scopesOf({ contract: { method, scope } }: Route, scheme: SecurityScheme): string[] {
  const reads = method === "get" ? ["read"] : [];
  if (scheme === "operator") return scope === "any" ? ["read", "write"] : [...reads, "write"];
  return scheme === "developerToken" && scope !== undefined && scope !== "any" ? [...reads, scope] : [];
}

function sayScopes(route: Route): string[] {
  const names = scopesOf(route, "developerToken").map((name) => `\`${name}\``);
  return names.length === 0 ? [] : [`A developer's token needs the scope ${names.join(" or ")}.`];
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

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
