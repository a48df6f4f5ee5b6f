import * as z from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Credentials, SecurityScheme } from "./dialect";
import { eitherOperation } from "./either-operation";
import { basePath } from "./mount";
import type { Route, Success } from "./route";

/** Describes routes as OpenAPI 3.1. Everything in it comes from the contracts that the routes are served by. */
export function describe(title: string, routes: readonly Route[], webhooks: ZodOpenApiPathsObject = {}) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const { method } = route.contract;
    const path = pathOf(route, routes);
    const operation = describeOperation(route);
    const known = paths[path]?.[method];
    paths[path] = { ...paths[path], [method]: known ? eitherOperation(known, operation) : operation };
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

/** Paths that differ only in what their parts are named are one path: the first name stays. */
function pathOf({ contract }: Route, routes: readonly Route[]): string {
  const shape = (path: string) => path.replace(/:\w+/g, ":");
  const first = routes.find(({ contract: { path } }) => shape(path) === shape(contract.path));
  return basePath + (first?.contract.path ?? contract.path).replace(/:(\w+)/g, "{$1}");
}

const securitySchemes = {
  bearer: { type: "http", scheme: "bearer" },
  developerToken: { type: "apiKey", in: "header", name: "X-Developer-Token" },
  appId: { type: "apiKey", in: "header", name: "X-App-ID" },
  userId: { type: "apiKey", in: "header", name: "X-User-ID" },
  applicationToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
} as const satisfies Record<SecurityScheme, object>;

/** Those that the routes take. */
function schemesOf(routes: readonly Route[]) {
  const used = new Set<string>(routes.flatMap((route) => credentialsOf(route).security.flat()));
  return Object.fromEntries(Object.entries(securitySchemes).filter(([name]) => used.has(name)));
}

function credentialsOf({ dialect, access }: Route): Credentials {
  return dialect.credentials(access);
}

function describeOperation(route: Route): ZodOpenApiOperationObject {
  const { contract } = route;
  return {
    operationId: contract.operationId,
    tags: [contract.tag],
    summary: contract.summary,
    ...(contract.description === undefined ? {} : { description: contract.description }),
    security: credentialsOf(route).security.map((set) => Object.fromEntries(set.map((name) => [name, []]))),
    requestParams: {
      ...(contract.params ? { path: contract.params } : {}),
      ...(contract.query ? { query: contract.query } : {}),
      ...headersOf(route),
    },
    ...(contract.body ? { requestBody: { required: true, content: contentOf(route) } } : {}),
    responses: { ...successes(contract.responses), ...failures(route) },
  };
}

const keyHeader = {
  "Idempotency-Key": z.string().min(1).max(128).optional().meta({
    description: "The same key and request again answer the first answer again, with `Idempotent-Replayed: true`.",
  }),
};

const encryptionHeader = {
  "Content-Encryption": z
    .literal("JWE")
    .optional()
    .meta({ description: "Where the body is a compact JWE of the JSON, for the platform's public key." }),
};

/** Whether the body may come encrypted. */
function isOpened({ contract, dialect }: Route): boolean {
  return contract.body !== undefined && dialect.open !== undefined;
}

function headersOf(route: Route) {
  const headers = { ...(route.contract.keyed ? keyHeader : {}), ...(isOpened(route) ? encryptionHeader : {}) };
  return Object.keys(headers).length > 0 ? { header: z.object(headers) } : {};
}

function contentOf(route: Route) {
  const { contract } = route;
  return {
    "application/json": bodyOf(contract),
    ...(contract.formToo ? { "application/x-www-form-urlencoded": bodyOf(contract) } : {}),
    ...(isOpened(route) ? { "application/jose": { schema: z.string() } } : {}),
  };
}

function bodyOf({ body, bodyExample }: Route["contract"]) {
  return { ...(body ? { schema: body } : {}), ...(bodyExample === undefined ? {} : { example: bodyExample }) };
}

function successes(responses: Readonly<Record<number, Success>>) {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, example }]) => [
      status,
      schema
        ? { description, content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } } }
        : { description },
    ]),
  );
}

function failures(route: Route) {
  return Object.fromEntries(
    errorStatuses(route).map((status) => {
      const { mediaType } = route.dialect.envelope({ status, text: "" } as never, undefined, nobody);
      return [
        status,
        {
          description: descriptions[status] ?? "Error",
          content: { [mediaType]: { schema: route.dialect.errorSchema(status) } },
        },
      ];
    }),
  );
}

const nobody = { requestId: "", method: "", url: "", atMs: 0 };

/** The documented errors of a route, with those that every route of its kind has. */
export function errorStatuses(route: Route): number[] {
  const { contract } = route;
  const statuses = [
    ...(contract.errors ?? []),
    ...credentialsOf(route).statuses,
    ...(contract.method === "get" ? [] : [413]),
    ...(contract.body ? [400, 415, 422] : []),
    ...(contract.keyed ? [400, 409, 422] : []),
    429,
    500,
    503,
  ];
  return [...new Set(statuses)].sort((a, b) => a - b);
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
