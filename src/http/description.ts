import * as z from "zod";
import { describe } from "./openapi";
import { problemDialect } from "./problem/dialect";
import { ok, type Route } from "./route";
import { defineRoute } from "./serve";
import { describeEvents } from "./webhooks/catalogue";

/** Routes that describe the API: the whole of it, and each contract by itself (decisions X2). Described when first asked for. */
export function describedRoutes(dialects: Record<string, readonly Route[]>, others: readonly Route[]): Route[] {
  const whole = [...others, ...Object.values(dialects).flat()];
  return [
    descriptionRoute("view-description", "/openapi.json", "Accord", whole, describeEvents()),
    ...Object.entries(dialects).map(([name, routes]) =>
      descriptionRoute(`view-${name}-description`, `/openapi/${name}.json`, `Accord: ${name}`, routes),
    ),
  ];
}

function descriptionRoute(
  operationId: string,
  path: string,
  title: string,
  routes: readonly Route[],
  webhooks = {},
): Route {
  let description: unknown;
  return defineRoute(problemDialect, {
    operationId,
    method: "get",
    path,
    tag: "Service",
    summary: `${title}, as OpenAPI 3.1`,
    access: "anyone",
    responses: { 200: { description: "The description", schema: z.looseObject({ openapi: z.literal("3.1.0") }) } },
    async handle() {
      description ??= describe(title, routes, webhooks);
      return ok(description);
    },
  });
}
