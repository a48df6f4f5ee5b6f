import * as z from "zod";
import { described } from "./described";
import { problemDialect } from "./problem/dialect";
import { ok, type Route } from "./route";
import { defineRoute } from "./serve";

/** A description of the API, or of a part of it, which is made when the Worker is built. */
export interface Description {
  operationId: string;
  path: string;
  title: string;
  routes: readonly Route[];
  /** The contract that it describes; undefined if it describes the whole API. */
  contract?: string;
}

/** Lists the descriptions: of the whole API, and of each contract by itself (src/guides/decisions.md#shared-paths). */
export function describedBy(dialects: Record<string, readonly Route[]>, others: readonly Route[]): Description[] {
  const whole = [...others, ...Object.values(dialects).flat()];
  return [
    { operationId: "view-description", path: "/openapi.json", title: "Accord", routes: whole },
    ...Object.entries(dialects).map(([name, routes]) => ({
      operationId: `view-${name}-description`,
      path: `/openapi/${name}.json`,
      title: `Accord: ${name}`,
      routes,
      contract: name,
    })),
  ];
}

/** Makes the route that serves a description. */
export function descriptionRoute({ operationId, path, title }: Description): Route {
  return defineRoute(problemDialect, {
    operationId,
    method: "get",
    path,
    ...described(() => ({
      tag: "Service",
      summary: `${title}, as OpenAPI 3.1`,
      responses: { 200: { description: "The description", schema: z.looseObject({ openapi: z.literal("3.1.0") }) } },
    })),
    access: "anyone",
    async handle({ edge }) {
      return ok(await edge.document(path));
    },
  });
}

/** The routes that serve the same for Postman: the requests, and the variables that they fill in. */
export const postmanRoutes = [
  postmanRoute("view-postman-collection", "/postman.json", "Accord, as a Postman collection"),
  postmanRoute("view-postman-environment", "/postman-environment.json", "The environment of the Postman collection"),
];

function postmanRoute(operationId: string, path: string, summary: string): Route {
  return defineRoute(problemDialect, {
    operationId,
    method: "get",
    path,
    ...described(() => ({
      tag: "Service",
      summary,
      responses: { 200: { description: "A document of Postman's", schema: z.looseObject({}) } },
    })),
    access: "anyone",
    async handle({ edge }) {
      return ok(await edge.document(path));
    },
  });
}
