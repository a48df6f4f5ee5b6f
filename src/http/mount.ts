import type { Context, Hono } from "hono";
import { preflight } from "./cross-origin";
import type { HttpEnv } from "./edge";
import { askedBy, printRequestError } from "./print-error";
import { problemDialect } from "./problem/dialect";
import type { Route } from "./route";

export const basePath = "/api/v1";

/** Serves every route, and answers requests whose path or method no route has. */
export function mount(
  app: Hono<HttpEnv>,
  routes: readonly Route[],
  corsOrigins: (c: Context<HttpEnv>) => readonly string[],
) {
  for (const route of routes) {
    // Found at the route's first request: to compare every route with every other would be a sixth of a start.
    let rivals: Route[] | undefined;
    app.on(route.contract.method.toUpperCase(), pathsOf(route), (c, next) => {
      rivals ??= routes.filter((other) => isRival(route, other));
      const answers = rivals.length === 1 || choose(routesOn(c.req.path, rivals), c.req.raw.headers) === route;
      return answers ? route.serve(c) : next();
    });
  }
  app.notFound((c) => answerUnrouted(c, routes, corsOrigins(c)));
}

/** Answers a preflight, a wrong method in the words of the path's contract, or an unknown path. */
async function answerUnrouted(c: Context<HttpEnv>, routes: readonly Route[], origins: readonly string[]) {
  const edge = c.get("edge");
  const asked = askedBy(c.req.raw, edge.requestId, edge.deps.nowMs());
  if (!(await edge.shields.general())) return printRequestError(problemWords, "rate_limited", asked);
  const onPath = routesOn(c.req.path, routes);
  const dialect = choose(onPath, c.req.raw.headers)?.dialect;
  if (!dialect) return printRequestError(problemWords, "path_unknown", asked);
  edge.crossOrigin = dialect.crossOrigin;
  const methods = [...new Set(onPath.flatMap(({ contract: { method } }) => allowedBy(method)))];
  const question = dialect.crossOrigin ? preflight(c.req.raw, methods, origins) : undefined;
  return question ?? printRequestError(dialect, "method_wrong", asked, { Allow: methods.join(", ") });
}

const problemWords = problemDialect as unknown as Route["dialect"];

/** Lists the routes with this path, whatever their method. */
export function routesOn(path: string, routes: readonly Route[]): Route[] {
  return routes.filter((route) => pathsOf(route).some((pattern) => patternOf(pattern).test(path)));
}

/**
 * Returns the route whose contract the credential belongs to: the one that recognises it, or else the one that
 * recognises none in particular. A single route takes every request.
 */
export function choose(routes: readonly Route[], headers: Headers): Route | undefined {
  return (
    routes.find(({ dialect }) => dialect.matches?.(headers)) ??
    routes.find(({ dialect }) => dialect.matches === undefined) ??
    routes[0]
  );
}

/**
 * Tells whether two routes have the same method and paths that can be the same: equal, or with a name in place of a
 * literal.
 */
function isRival({ contract }: Route, { contract: other }: Route): boolean {
  const [parts, others] = [contract.path.split("/"), other.path.split("/")];
  const meets = (part: string, at: number) => part === others[at] || isName(part) || isName(others[at] ?? "");
  return other.method === contract.method && parts.length === others.length && parts.every(meets);
}

function isName(part: string): boolean {
  return part.startsWith(":");
}

/** Returns the paths of a route: the root is served with and without its slash. */
function pathsOf({ contract: { path } }: Route): string[] {
  return path === "/" ? [basePath, `${basePath}/`] : [basePath + path];
}

/** Makes the pattern of a path, with or without a slash at its end, as in the router. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}/?$`);
}

function allowedBy(method: string): string[] {
  return method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
}
