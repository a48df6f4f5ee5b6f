import type { Dialect } from "./dialect";
import { documentedErrors, errorMediaType } from "./documented-errors";
import { problemDialect } from "./problem/dialect";
import { type ErrorCode, errorCodes } from "./problem/error-codes";
import type { Route } from "./route";

/** Lists the catalogue of errors for the API, with the statuses that each contract answers with. */
export function tabulateErrors(routes: readonly Route[]) {
  const statuses = new Map<string, Set<string>>();
  for (const [code, dialect, status] of [...routes.flatMap(answersOf), ...unroutedAnswers(routes)]) {
    statuses.set(code, (statuses.get(code) ?? new Set()).add(`${shownName(dialect)} ${status}`));
  }
  const data = Object.entries(errorCodes).map(([code, { means, next, retryable = false }]) => ({
    code,
    means,
    retryable,
    next,
    answers: [...(statuses.get(code) ?? [])].sort().map((answer) => {
      const [dialect = "", status] = answer.split(" ");
      return { dialect, status: Number(status) };
    }),
    page: pageOf(code),
  }));
  return { data };
}

type Answer = [code: ErrorCode, dialect: Dialect, status: number];

function answersOf(route: Route): Answer[] {
  return documentedErrors(route).flatMap(([status, codes]) =>
    codes.map((code): Answer => [code, dialectOf(route, status), status]),
  );
}

/** Returns the contract adapter whose form an error of a route has. */
function dialectOf(route: Route, status: number): Dialect {
  const isPlain = errorMediaType(route, status) === "application/json";
  return isPlain ? route.dialect : (problemDialect as unknown as Dialect);
}

/** The answers to requests that no route takes. */
function unroutedAnswers(routes: readonly Route[]): Answer[] {
  const dialects = [...new Set(routes.map(({ dialect }) => dialect)), problemDialect as unknown as Dialect];
  const wrongMethod = dialects.map((dialect): Answer => {
    const { status, code = "method_wrong" } = dialect.requestErrors.method_wrong;
    return [code, dialect, status];
  });
  return [["path_unknown", problemDialect as unknown as Dialect, 404], ...wrongMethod];
}

function shownName({ name }: Dialect): string {
  return ["offers", "payments", "transfers"].includes(name) ? name : "problem";
}

/** Returns the path of a code's page. Where two codes differ in case only, they share it. */
function pageOf(code: string): string {
  return `/errors/${code.toLowerCase()}`;
}
