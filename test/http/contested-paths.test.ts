import { Hono } from "hono/tiny";
import { expect, it } from "vitest";
import * as z from "zod";
import type { Dialect } from "../../src/http/dialect";
import type { HttpEnv } from "../../src/http/edge";
import { mount } from "../../src/http/mount";
import { describe as describeApi } from "../../src/http/openapi";
import { paymentsDialect } from "../../src/http/payments/dialect";
import type { Route } from "../../src/http/route";
import { defineRoute } from "../../src/http/serve";
import { transfersDialect } from "../../src/http/transfers/dialect";

/** Makes a route of one of two contracts with paths of the same shape, like the payments and the transfers contract. */
function routeOf(dialect: unknown, access: string, method: "get" | "post", path: string, operationId: string): Route {
  const contract = {
    operationId,
    method,
    path,
    tag: "Transactions",
    summary: operationId,
    access,
    responses: { 200: { description: `By ${operationId}`, schema: z.object({ [operationId]: z.string() }) } },
    ...(method === "post"
      ? { body: () => z.object({ [operationId]: z.string() }), bodyExample: { [operationId]: "x" } }
      : {}),
    handle: async () => ({ status: 200 }) as const,
  };
  const route = defineRoute(dialect as Dialect, contract);
  return { ...route, serve: async (c) => c.text(operationId) };
}

const routes = [
  routeOf(paymentsDialect, "shopper", "post", "/transactions", "pay"),
  routeOf(paymentsDialect, "shopper", "get", "/transactions", "list-payments"),
  routeOf(paymentsDialect, "shopper", "get", "/transactions/:id", "view-payment"),
  routeOf(paymentsDialect, "shopper", "post", "/transactions/:id/capture", "capture"),
  routeOf(transfersDialect, "application", "post", "/transactions", "initiate"),
  routeOf(transfersDialect, "application", "get", "/transactions/sent", "list-sent"),
  routeOf(transfersDialect, "application", "get", "/transactions/:id", "view-transfer"),
  routeOf(transfersDialect, "application", "post", "/transactions/:reference/accept", "accept"),
];

const app = new Hono<HttpEnv>();
mount(app, routes, () => []);

const bearer = { Authorization: "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x" };
const shopper = { "X-Developer-Token": "dev_x", "X-App-ID": "app", "X-User-ID": "user" };
const ask = async (method: string, path: string, headers: Record<string, string>) =>
  (await app.fetch(new Request(`http://localhost/api/v1${path}`, { method, headers }))).text();

it.each([
  ["POST", "/transactions", "pay", "initiate"],
  ["GET", "/transactions/TXN-16820000-AB1C2D3E", "view-payment", "view-transfer"],
  // A literal of the one contract is any id to the other.
  ["GET", "/transactions/sent", "view-payment", "list-sent"],
  // A slash at the end does not matter, as on any other path.
  ["GET", "/transactions/sent/", "view-payment", "list-sent"],
  ["POST", "/transactions/", "pay", "initiate"],
  // A route that only one of them has belongs to it, whoever calls.
  ["GET", "/transactions", "list-payments", "list-payments"],
  ["POST", "/transactions/x/capture", "capture", "capture"],
  ["POST", "/transactions/x/accept", "accept", "accept"],
])("%s %s is chosen by the credential", async (method, path, byShopper, byOthers) => {
  expect(await ask(method, path, shopper)).toBe(byShopper);
  expect(await ask(method, path, { "X-User-ID": "user" })).toBe(byShopper);
  expect(await ask(method, path, { ...shopper, ...bearer })).toBe(byShopper);
  expect(await ask(method, path, bearer)).toBe(byOthers);
  expect(await ask(method, path, {})).toBe(byOthers);
});

it("describes what they share as one operation of either", () => {
  const api = JSON.parse(JSON.stringify(describeApi("Both", routes)));
  expect(Object.keys(api.paths)).toEqual([
    "/api/v1/transactions",
    "/api/v1/transactions/{id}",
    "/api/v1/transactions/{id}/capture",
    "/api/v1/transactions/sent",
    "/api/v1/transactions/{reference}/accept",
  ]);
  const { post } = api.paths["/api/v1/transactions"];
  expect(post.operationId).toBe("pay-or-initiate");
  expect(post.security).toEqual([{ developerToken: [], appId: [], userId: [] }, { applicationToken: [] }]);
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
  const named = ({ $ref }: { $ref: string }): any => api.components.schemas[$ref.split("/").at(-1) ?? ""];
  const membersOf = (schema: { $ref: string }) =>
    named(schema).oneOf.map((one: { $ref: string }) => Object.keys(named(one).properties));
  const { schema, examples } = post.requestBody.content["application/json"];
  expect(membersOf(schema)).toEqual([["pay"], ["initiate"]]);
  expect(Object.values(examples)).toEqual([{ value: { pay: "x" } }, { value: { initiate: "x" } }]);
  expect(membersOf(post.responses["200"].content["application/json"].schema)).toEqual([["pay"], ["initiate"]]);
  expect(post.responses["200"].description).toBe("By pay, or: By initiate");
  expect(named(post.responses["401"].content["application/json"].schema).oneOf).toHaveLength(2);
  // Only one of them asks for the app first.
  expect(post.responses["422"].content["application/json"].schema).toBeDefined();
  expect(api.paths["/api/v1/transactions/{id}"].get.operationId).toBe("view-payment-or-view-transfer");
});
