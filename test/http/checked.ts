import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { routes } from "../../src/app";
import { documentedErrors, errorMediaType } from "../../src/http/documented-errors";
import { choose, routesOn } from "../../src/http/mount";
import { problemSchema } from "../../src/http/problem/problem";
import type { Route } from "../../src/http/route";
import { Journey, type Send } from "../journey";

/** Sends to the Worker, and checks every answer of the API against its contract. */
export const checkedSend: Send = async (request) => {
  const { pathname } = new URL(request.url);
  const response = await exports.default.fetch(request);
  if (pathname.startsWith("/api/v1")) await expectDeclared(request, response.clone() as unknown as Response);
  return response as unknown as Response;
};

/** A journey whose every answer is checked. */
export const journey = new Journey(checkedSend);

async function expectDeclared({ method, url, headers }: Request, response: Response): Promise<void> {
  expect(response.headers.get("Request-Id")).toMatch(/^[\w.-]{8,128}$/);
  expect(response.headers.get("Accord-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  const onPath = routesOn(new URL(url).pathname, routes);
  const ofMethod = onPath.filter(({ contract }) => contract.method.toUpperCase() === method);
  const route = choose(ofMethod, headers);
  const isPublicKey = route?.contract.operationId === "view-encryption-key" && response.status === 200;
  expect(response.headers.get("Cache-Control")).toBe(isPublicKey ? "public, max-age=86400" : "no-store");
  const text = await response.text();
  // The contract verifies an e-mail by a GET, which changes something.
  if (method === "GET" && route?.contract.operationId !== "verify-email")
    expect(roundTripsOf(response)).toBeLessThanOrEqual(readRoundTripsMax);
  if (response.status >= 400) expectError(route, choose(onPath, headers), response, text);
  else if (route) expectSuccess(route, response.status, text);
}

/** The most round trips of a read: authentication shares one with the first read, so two suffice. */
const readRoundTripsMax = 2;

function roundTripsOf(response: Response): number {
  return Number(/^d1=(\d+);/.exec(response.headers.get("Accord-Cost") ?? "")?.[1]);
}

function expectSuccess(route: Route, status: number, text: string): void {
  const declared = route.contract.responses[status];
  expect(declared, `${route.contract.operationId} answers an undeclared ${status}`).toBeDefined();
  if (declared?.schema) declared.schema.parse(JSON.parse(text));
  else expect(text).toBe("");
}

function expectError(route: Route | undefined, onPath: Route | undefined, response: Response, text: string): void {
  const body = JSON.parse(text);
  // The documented members come first; ours follow them (src/guides/decisions.md#error-bodies).
  const hasOwnName = (route ?? onPath)?.dialect.namesErrors ?? false;
  const added = Object.keys(body).slice(Object.keys(body).indexOf(hasOwnName ? "timestamp" : "code"));
  expect([added[0], added.at(-1)]).toEqual([hasOwnName ? "timestamp" : "code", "requestId"]);
  expect(body.requestId).toBe(response.headers.get("Request-Id"));
  if (!route) {
    (onPath?.dialect.documented.errorSchema(response.status) ?? problemSchema()).parse(body);
    return;
  }
  const codes = documentedErrors(route).flatMap(([status, list]) => (status === response.status ? list : []));
  expect(codes, `${route.contract.operationId} documents for ${response.status}`).toContain(
    body.code ?? body.errorCode,
  );
  route.dialect.documented.errorSchema(response.status).parse(body);
  expect(response.headers.get("Content-Type")).toBe(errorMediaType(route, response.status));
}

/** Sends one raw request: the body is a text, sent as the headers say, or as JSON. */
export async function callRaw(
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string | undefined; body?: string; headers?: Record<string, string> } = {},
) {
  const sent = new Headers({ ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers });
  if (token !== undefined) sent.set("Authorization", `Bearer ${token}`);
  const hasBody = body !== undefined && method !== "GET";
  const request = new Request(`http://localhost:8787${path}`, { method, headers: sent, ...(hasBody ? { body } : {}) });
  const response = await checkedSend(request);
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
}
