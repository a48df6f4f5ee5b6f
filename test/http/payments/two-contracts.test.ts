import { Hono } from "hono";
import { describe as about, expect, it } from "vitest";
import * as z from "zod";
import type { Edge, HttpEnv } from "../../../src/http/edge";
import { mount } from "../../../src/http/mount";
import { describe } from "../../../src/http/openapi";
import { paymentsDialect } from "../../../src/http/payments/dialect";
import { problemDialect } from "../../../src/http/problem/dialect";
import { ok, type Route } from "../../../src/http/route";
import { defineRoute } from "../../../src/http/serve";

/** Two contracts on one path, like payments and transfers, of which one is open to everybody. */

const one = defineRoute(paymentsDialect, {
  operationId: "one",
  method: "post",
  path: "/shared/:id",
  tag: "Orders",
  summary: "By identity headers",
  access: "shopper",
  params: () => z.object({ id: z.string() }),
  body: () => z.object({ one: z.string() }),
  bodyExample: { one: "1" },
  responses: { 200: { description: "One", schema: z.strictObject({ one: z.string() }) } },
  handle: async () => ok({ one: "1" }),
});

const other = defineRoute(problemDialect, {
  operationId: "other",
  method: "post",
  path: "/shared/:id",
  tag: "Tags",
  summary: "By any other",
  access: "anyone",
  params: () => z.object({ id: z.string() }),
  body: () => z.object({ other: z.string() }),
  bodyExample: { other: "2" },
  responses: { 200: { description: "Other", schema: z.strictObject({ other: z.string() }) } },
  handle: async ({ params }) => ok({ other: params.id }),
});

const edge = {
  requestId: "request-0001",
  deps: {
    nowMs: Date.now,
    db: { batch: async () => [] },
    restored: async () => undefined,
    log: { error: () => undefined },
  },
  shields: { general: async () => true, guesses: async () => true },
  settings: { corsOrigins: [] },
} as unknown as Edge;

function appOf(routes: readonly Route[]) {
  const app = new Hono<HttpEnv>();
  app.use(async (c, next) => {
    c.set("edge", { ...edge });
    await next();
  });
  mount(app, routes, () => []);
  return async (method: string, headers: Record<string, string>, body?: string) => {
    const sent = { ...headers, "Content-Type": "application/json" };
    const response = await app.request("http://localhost/api/v1/shared/7", {
      method,
      headers: sent,
      ...(body ? { body } : {}),
    });
    return { status: response.status, body: await response.json<Record<string, unknown>>() };
  };
}

about("a path of two contracts", () => {
  const identities = [{ "X-Developer-Token": "x" }, { "x-app-id": "x" }, { "X-USER-ID": "x" }];

  it.each([[[one, other]], [[other, one]]])("is the payments contract's by any of its headers %#", async (routes) => {
    const ask = appOf(routes);
    for (const headers of identities) {
      const { status, body } = await ask("POST", headers, '{"other":"2"}');
      expect([400, 401]).toContain(status);
      expect(Object.keys(body)).not.toContain("other");
    }
    expect(await ask("POST", {}, '{"other":"2"}')).toEqual({ status: 200, body: { other: "7" } });
  });

  it("says in whose words a method is wrong", async () => {
    const ask = appOf([other, one]);
    expect((await ask("DELETE", { "X-App-ID": "x" })).body).toMatchObject({ error: "Method Not Allowed" });
    expect((await ask("DELETE", {})).body).toMatchObject({ title: "Method Not Allowed" });
  });

  it("answers every caller while the path belongs to one contract", async () => {
    expect((await appOf([one])("POST", {}, "{}")).body).toMatchObject({ code: "app_missing" });
    expect((await appOf([other])("POST", { "X-App-ID": "x" }, '{"other":"2"}')).status).toBe(200);
  });
});

about("its description", () => {
  const document = describe("Both", [one, other]);
  const operation = document.paths?.["/api/v1/shared/{id}"]?.post;

  it("is one operation that takes either body and answers in either form", () => {
    expect(operation?.operationId).toBe("one-or-other");
    const body = operation?.requestBody as
      | { content: Record<string, { schema: unknown; examples: unknown }> }
      | undefined;
    const { schemas = {} } = document.components ?? {};
    expect(body?.content["application/json"]?.schema).toEqual({ $ref: "#/components/schemas/OneOrOtherBody" });
    const either = ["OneOrOtherBody1", "OneOrOtherBody2"];
    expect(schemas.OneOrOtherBody).toEqual({ oneOf: either.map((name) => ({ $ref: `#/components/schemas/${name}` })) });
    expect(either.map((name) => schemas[name])).toMatchObject([{ required: ["one"] }, { required: ["other"] }]);
    expect(body?.content["application/json"]?.examples).toEqual({
      one: { value: { one: "1" } },
      other: { value: { other: "2" } },
    });
    const responses = operation?.responses as Record<string, { content: Record<string, { schema: object }> }>;
    // Its answers have the form of its bodies, so they have the same name.
    expect(responses["200"]?.content["application/json"]?.schema).toEqual({
      $ref: "#/components/schemas/OneOrOtherBody",
    });
    expect(Object.keys(responses["422"]?.content ?? {})).toEqual(["application/json", "application/problem+json"]);
  });

  it("names the credentials, and each contract by itself only its own", () => {
    expect(operation?.security).toEqual([{ developerToken: [], appId: [], userId: [] }, {}]);
    const schemes = (routes: readonly Route[]) => describe("", routes).components?.securitySchemes;
    expect(schemes([one])).toMatchObject({
      developerToken: { type: "apiKey", in: "header", name: "X-Developer-Token" },
      appId: { type: "apiKey", in: "header", name: "X-App-ID" },
      userId: { type: "apiKey", in: "header", name: "X-User-ID" },
    });
    expect(schemes([other])).toBeUndefined();
  });
});
