/** The members of an OpenAPI document that are read here. */
export interface OpenApi {
  info: { title: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { securitySchemes?: Record<string, SecurityScheme> };
}

interface Operation {
  tags?: readonly string[];
  summary?: string;
  description?: string;
  security?: readonly Record<string, readonly string[]>[];
  parameters?: readonly Parameter[];
  requestBody?: { content: Record<string, { example?: unknown; examples?: Record<string, { value?: unknown }> }> };
  responses?: Record<string, unknown>;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: { description?: string };
}

type SecurityScheme = { type: "http"; scheme: string } | { type: "apiKey"; in: "header"; name: string };

/**
 * Makes a Postman collection, v2.1, of the API: a folder for each tag, a variable for the server and for each
 * credential.
 */
export function collect(api: OpenApi) {
  const requests = Object.entries(api.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags?.[0] ?? "Other",
      item: requestItem(api, path, method, operation),
    })),
  );
  const folders = Map.groupBy(requests, ({ tag }) => tag);
  const variables = [
    ...Object.keys(api.components?.securitySchemes ?? {}),
    ...Object.keys(api.paths ?? {}).flatMap((path) => namesIn(path).map(({ variable }) => variable)),
  ];
  return {
    info: { name: api.info.title, schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    item: [...folders].map(([name, group]) => ({ name, item: group.map(({ item }) => item) })),
    variable: [
      { key: "baseUrl", value: "http://localhost:8787" },
      ...[...new Set(variables)].map((key) => ({ key, value: "", type: "string" })),
    ],
  };
}

function requestItem(api: OpenApi, path: string, method: string, operation: Operation) {
  const { summary, description, parameters = [] } = operation;
  const { auth, headers } = credentialsOf(api, operation);
  const body = bodyOf(operation);
  return {
    name: summary ?? `${method} ${path}`,
    event: [{ listen: "test", script: { type: "text/javascript", exec: testsOf(path, operation) } }],
    request: {
      method: method.toUpperCase(),
      ...(description === undefined ? {} : { description }),
      auth,
      header: [
        ...headers,
        ...(body ? [{ key: "Content-Type", value: "application/json" }] : []),
        ...parameters.filter((one) => one.in === "header").map(field),
      ],
      url: urlOf(path, parameters),
      ...(body ? { body } : {}),
    },
  };
}

/** Returns the first credential that the operation names: a bearer token, or keys in headers. */
function credentialsOf({ components }: OpenApi, { security = [] }: Operation) {
  const named = Object.keys(security[0] ?? {}).map((name) => ({ name, scheme: components?.securitySchemes?.[name] }));
  const bearer = named.find(({ scheme }) => scheme?.type === "http");
  return {
    auth: bearer
      ? { type: "bearer", bearer: [{ key: "token", value: `{{${bearer.name}}}`, type: "string" }] }
      : { type: "noauth" },
    headers: named.flatMap(({ name, scheme }) =>
      scheme?.type === "apiKey" ? { key: scheme.name, value: `{{${name}}}` } : [],
    ),
  };
}

/**
 * Makes the tests of a request: its status must be documented. Ids of new objects are stored in variables for the
 * requests that name them.
 */
function testsOf(path: string, { responses = {} }: Operation): string[] {
  const statuses = Object.keys(responses).join(", ");
  const made = `${singular(path.slice(path.lastIndexOf("/") + 1))}Id`;
  return [
    `pm.test("a documented status", () => pm.expect(pm.response.code).to.be.oneOf([${statuses}]));`,
    'pm.test("a request id", () => pm.expect(pm.response.headers.has("Request-Id")).to.equal(true));',
    ...(path.endsWith("}")
      ? []
      : [
          "const made = pm.response.code === 201 && pm.response.json().data;",
          `if (made && typeof made.id === "string") pm.collectionVariables.set("${made}", made.id);`,
        ]),
  ];
}

/** Lists the names in a path, each with its variable: `/orders/{id}` uses `orderId`. */
function namesIn(path: string): { name: string; variable: string }[] {
  const parts = path.split("/");
  return parts.flatMap((part, position) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return [];
    return [{ name, variable: name === "id" ? `${singular(parts[position - 1] ?? "")}Id` : name }];
  });
}

/** Converts "webhook-deliveries" to "webhookDelivery". */
function singular(plural: string): string {
  const one = plural.replace(/ies$/, "y").replace(/s$/, "");
  return one.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function urlOf(path: string, parameters: readonly Parameter[]) {
  const segments = path
    .slice(1)
    .replaceAll(/\{(\w+)\}/g, ":$1")
    .split("/");
  return {
    raw: `{{baseUrl}}/${segments.join("/")}`,
    host: ["{{baseUrl}}"],
    path: segments,
    variable: parameters
      .filter((one) => one.in === "path")
      .map((one) => ({
        ...field(one),
        value: `{{${namesIn(path).find(({ name }) => name === one.name)?.variable ?? one.name}}}`,
      })),
    query: parameters.filter((one) => one.in === "query").map(field),
  };
}

/** Makes an input of the URL or the headers. Optional ones are included, but disabled. */
function field({ name, required, description, schema }: Parameter) {
  const about = description ?? schema?.description;
  return {
    key: name,
    value: name === "Idempotency-Key" ? "{{$guid}}" : "",
    ...(about === undefined ? {} : { description: about }),
    ...(required ? {} : { disabled: true }),
  };
}

function bodyOf({ requestBody }: Operation) {
  const json = requestBody?.content["application/json"];
  if (!json) return undefined;
  const [shown] = Object.values(json.examples ?? {});
  const raw = JSON.stringify(json.example ?? shown?.value ?? {}, null, 2);
  return { mode: "raw", raw, options: { raw: { language: "json" } } };
}
