import type { Context, Hono } from "hono";
import { preflight } from "./cross-origin";
import type { HttpEnv } from "./edge";
import { printFault } from "./print";
import { problemDialect } from "./problem/dialect";
import type { Route } from "./route";

export const basePath = "/api/v1";

/** Serves every route, and answers for paths and methods that no route has. */
export function mount(
  app: Hono<HttpEnv>,
  routes: readonly Route[],
  corsOrigins: (c: Context<HttpEnv>) => readonly string[],
) {
  for (const route of routes) {
    app.on(route.contract.method.toUpperCase(), pathsOf(route), (c) => route.serve(c));
  }
  app.notFound((c) => answerUnrouted(c, routes, corsOrigins(c)));
}

/** A browser's question, a wrong method in the words of the path's dialect, or a path that nobody has. */
async function answerUnrouted(c: Context<HttpEnv>, routes: readonly Route[], origins: readonly string[]) {
  const edge = c.get("edge");
  const { requestId, shields } = edge;
  if (!(await shields.general())) return printFault(problemWords, "rate_limited", requestId);
  const onPath = routesOn(c.req.path, routes);
  const [first] = onPath;
  if (!first) return printFault(problemWords, "path_unknown", requestId);
  edge.crossOrigin = first.dialect.crossOrigin;
  const methods = [...new Set(onPath.flatMap(({ contract: { method } }) => allowedBy(method)))];
  const asked = first.dialect.crossOrigin ? preflight(c.req.raw, methods, origins) : undefined;
  return asked ?? printFault(first.dialect, "method_wrong", requestId, { Allow: methods.join(", ") });
}

const problemWords = problemDialect as unknown as Route["dialect"];

/** The routes whose path this is, whatever their method. */
export function routesOn(path: string, routes: readonly Route[]): Route[] {
  return routes.filter((route) => pathsOf(route).some((pattern) => patternOf(pattern).test(path)));
}

/** The root answers with and without its slash. */
function pathsOf({ contract: { path } }: Route): string[] {
  return path === "/" ? [basePath, `${basePath}/`] : [basePath + path];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}$`);
}

function allowedBy(method: string): string[] {
  return method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
}
