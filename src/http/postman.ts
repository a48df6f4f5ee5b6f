import { freshValues, type Step } from "./postman-step";
import { walk } from "./postman-walk";

/** The members of an OpenAPI document that are read here. */
export interface OpenApi {
  info: { title: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { securitySchemes?: Record<string, SecurityScheme> };
}

interface Operation {
  operationId: string;
  tags?: readonly string[];
  summary?: string;
  description?: string;
  security?: readonly Record<string, readonly string[]>[];
  parameters?: readonly Parameter[];
  requestBody?: { content: Record<string, { example?: unknown }> };
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

/** An operation with its place, and the description that it is of. */
interface Place {
  api: OpenApi;
  path: string;
  method: string;
  operation: Operation;
}

/**
 * Makes a Postman collection, v2.1, of descriptions that share no operation: the requests of the walk in its order, in
 * its folders, then all others by tag. Every variable is one of the environment's.
 */
export function collect(title: string, apis: readonly OpenApi[]) {
  const places = apis.flatMap(placesOf);
  const folders = foldersOf(places);
  return {
    info: {
      name: title,
      description:
        "Choose the environment of `/api/v1/postman-environment.json` first, and write into it where the server is (`baseUrl`) and an operator's token (`operator`). Run the folders from top to bottom: each request fills in what later ones need. In the sandbox the pages of Stripe are filled in, too.",
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    item: [...folders].map(([name, item]) => ({ name, item })),
  };
}

/** Makes the environment: the server, the operator's token, and a variable for all that the requests fill in. */
export function environmentOf(title: string, apis: readonly OpenApi[]) {
  const places = apis.flatMap(placesOf);
  const steps = Object.values(walk).flat().map(asStep);
  const credentials = apis.flatMap(({ components }) => Object.keys(components?.securitySchemes ?? {}));
  const names = [
    ...Object.keys(freshValues),
    ...credentials,
    ...steps.flatMap(({ keep = {} }) => Object.keys(keep)),
    ...places.flatMap(({ path }) => namesIn(path).map(({ variable }) => variable)),
  ];
  const known: Record<string, string> = {
    baseUrl: "http://localhost:8787",
    operator: "admin_sandbox",
    code: "card_declined",
    date: "2026-01-31",
  };
  return {
    name: `${title}: sandbox`,
    values: [...new Set([...Object.keys(known), ...names])].map((key) => ({
      key,
      // An empty value would make another path: that of the list.
      value: known[key] ?? "none",
      type: /token|secret|bearer|operator/i.test(key) ? "secret" : "default",
      enabled: true,
    })),
    _postman_variable_scope: "environment",
  };
}

function placesOf(api: OpenApi): Place[] {
  return Object.entries(api.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ api, path, method, operation })),
  );
}

function foldersOf(places: readonly Place[]) {
  const byId = new Map(places.map((place) => [place.operation.operationId, place]));
  const folders = new Map<string, ReturnType<typeof requestItem>[]>();
  const add = (folder: string, item: ReturnType<typeof requestItem>) =>
    folders.set(folder, [...(folders.get(folder) ?? []), item]);
  const walked = new Set<string>();
  for (const [folder, steps] of Object.entries(walk)) {
    for (const step of steps.map(asStep)) {
      const place = byId.get(step.operationId);
      if (place) add(folder, requestItem(place, step, walked.size === 0));
      walked.add(step.operationId);
    }
  }
  for (const place of places) {
    const { operationId, tags } = place.operation;
    if (!walked.has(operationId)) add(`More: ${tags?.[0] ?? "other"}`, requestItem(place, { operationId }));
  }
  return folders;
}

function asStep(step: string | Step): Step {
  return typeof step === "string" ? { operationId: step } : step;
}

function requestItem({ api, path, method, operation }: Place, step: Step, isFirst = false) {
  const { summary = step.operationId, description, parameters = [] } = operation;
  const { auth, headers } = credentialsOf(api, operation, step);
  const body = bodyOf(operation, step);
  const events = { ...(isFirst ? { prerequest: freshly() } : {}), test: testsOf(operation, step) };
  return {
    name: step.note === undefined ? summary : `${summary}, ${step.note}`,
    event: Object.entries(events).map(([listen, exec]) => ({ listen, script: { type: "text/javascript", exec } })),
    request: {
      method: method.toUpperCase(),
      ...(description === undefined ? {} : { description }),
      auth,
      header: [
        ...headers,
        ...(body ? [{ key: "Content-Type", value: "application/json" }] : []),
        ...parameters.filter((one) => one.in === "header").map(field),
      ],
      url: urlOf(path, parameters, step),
      ...(body ? { body } : {}),
    },
  };
}

/** Returns the first credential that the operation names: a bearer token, or keys in headers. */
function credentialsOf({ components }: OpenApi, { security = [] }: Operation, { as }: Step) {
  const named = Object.keys(security[0] ?? {}).map((name) => ({ name, scheme: components?.securitySchemes?.[name] }));
  const bearer = named.find(({ scheme }) => scheme?.type === "http");
  return {
    auth: bearer
      ? { type: "bearer", bearer: [{ key: "token", value: `{{${as ?? bearer.name}}}`, type: "string" }] }
      : { type: "noauth" },
    headers: named.flatMap(({ name, scheme }) =>
      scheme?.type === "apiKey" ? { key: scheme.name, value: `{{${name}}}` } : [],
    ),
  };
}

/** Makes the tests of a request: its status must be documented. A success fills in variables for later requests. */
function testsOf({ responses = {} }: Operation, { keep = {}, page }: Step): string[] {
  const statuses = Object.keys(responses).join(", ");
  return [
    `pm.test("a documented status", () => pm.expect(pm.response.code).to.be.oneOf([${statuses}]));`,
    'pm.test("a request id", () => pm.expect(pm.response.headers.has("Request-Id")).to.equal(true));',
    ...(Object.keys(keep).length > 0 || page
      ? ["const answer = pm.response.code < 300 ? pm.response.json() : {};"]
      : []),
    ...Object.entries(keep).map(
      ([variable, place]) =>
        `if (answer${place} !== undefined) pm.environment.set("${variable}", String(answer${place}));`,
    ),
    ...(page ? fillIn(page) : []),
  ];
}

/** Fills in a page of the sandbox. Any other page is Stripe's own, and waits for a person. */
function fillIn({ at, form = "" }: { at: string; form?: string }): string[] {
  const request = [
    "url: page",
    'method: "POST"',
    'header: { "Content-Type": "application/x-www-form-urlencoded" }',
    `body: { mode: "raw", raw: "${form}" }`,
  ];
  return [
    `const page = answer${at} ?? "";`,
    // The sandbox answers on loopback addresses only.
    `if (/^http:\\/\\/localhost(:\\d+)?\\/sandbox\\//.test(page)) pm.sendRequest({ ${request.join(", ")} });`,
  ];
}

function freshly(): string[] {
  return Object.entries(freshValues).map(([variable, value]) => `pm.environment.set("${variable}", ${value});`);
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

function urlOf(path: string, parameters: readonly Parameter[], step: Step) {
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
        value: `{{${step.path?.[one.name] ?? namesIn(path).find(({ name }) => name === one.name)?.variable ?? one.name}}}`,
      })),
    query: parameters
      .filter((one) => one.in === "query")
      .map((one) => ({ ...field(one), ...(step.query?.[one.name] ? { value: step.query[one.name] } : {}) })),
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

function bodyOf({ requestBody }: Operation, { body }: Step) {
  const json = requestBody?.content["application/json"];
  if (!json) return undefined;
  const members = Object.entries({ ...(json.example as object | undefined), ...body });
  const raw = JSON.stringify(Object.fromEntries(members.filter(([, value]) => value !== null)), null, 2);
  return { mode: "raw", raw, options: { raw: { language: "json" } } };
}
