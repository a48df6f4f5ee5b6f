import type { Context, Hono } from "hono";
import { preflight } from "./cross-origin";
import type { HttpEnv } from "./edge";
import { askedBy, printFault } from "./print";
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
    const rivals = routes.filter((other) => isRival(route, other));
    const answers = (c: Context<HttpEnv>) => choose(routesOn(c.req.path, rivals), c.req.raw.headers) === route;
    app.on(route.contract.method.toUpperCase(), pathsOf(route), (c, next) =>
      rivals.length === 1 || answers(c) ? route.serve(c) : next(),
    );
  }
  app.notFound((c) => answerUnrouted(c, routes, corsOrigins(c)));
}

/** A browser's question, a wrong method in the words of the path's dialect, or a path that nobody has. */
async function answerUnrouted(c: Context<HttpEnv>, routes: readonly Route[], origins: readonly string[]) {
  const edge = c.get("edge");
  const asked = askedBy(c.req.raw, edge.requestId, edge.deps.nowMs());
  if (!(await edge.shields.general())) return printFault(problemWords, "rate_limited", asked);
  const onPath = routesOn(c.req.path, routes);
  const dialect = choose(onPath, c.req.raw.headers)?.dialect;
  if (!dialect) return printFault(problemWords, "path_unknown", asked);
  edge.crossOrigin = dialect.crossOrigin;
  const methods = [...new Set(onPath.flatMap(({ contract: { method } }) => allowedBy(method)))];
  const question = dialect.crossOrigin ? preflight(c.req.raw, methods, origins) : undefined;
  return question ?? printFault(dialect, "method_wrong", asked, { Allow: methods.join(", ") });
}

const problemWords = problemDialect as unknown as Route["dialect"];

/** The routes whose path this is, whatever their method. */
export function routesOn(path: string, routes: readonly Route[]): Route[] {
  return routes.filter((route) => pathsOf(route).some((pattern) => patternOf(pattern).test(path)));
}

/**
 * Of routes that could answer, the one whose contract the credential belongs to: one that claims it, else
 * one that claims none. A single one answers whoever comes.
 */
export function choose(routes: readonly Route[], headers: Headers): Route | undefined {
  return (
    routes.find(({ dialect }) => dialect.claims?.(headers)) ??
    routes.find(({ dialect }) => dialect.claims === undefined) ??
    routes[0]
  );
}

/** The same method, and a path that could be this one: its own, or one where the other has a literal for a name. */
function isRival({ contract }: Route, { contract: other }: Route): boolean {
  const [parts, others] = [contract.path.split("/"), other.path.split("/")];
  const meets = (part: string, at: number) => part === others[at] || isName(part) || isName(others[at] ?? "");
  return other.method === contract.method && parts.length === others.length && parts.every(meets);
}

function isName(part: string): boolean {
  return part.startsWith(":");
}

/** The root answers with and without its slash. */
function pathsOf({ contract: { path } }: Route): string[] {
  return path === "/" ? [basePath, `${basePath}/`] : [basePath + path];
}

/** With or without a slash at its end, as the router takes it. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}/?$`);
}

function allowedBy(method: string): string[] {
  return method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
}
