import type { DocumentedDialect } from "./dialect";
import type { Contract } from "./route";

/**
 * The parts of a route that only its readers need: the description is made of them, and the tests compare answers with
 * them.
 */
type Description = Pick<Contract, "tag" | "summary" | "description" | "bodyExample" | "responses" | "errors">;

/**
 * Returns a route's description. The Worker's bundle has src/http/not-described.ts instead, because it serves without
 * it.
 */
export function described(describe: () => Description): Description {
  return describe();
}

/**
 * Returns what only descriptions are made of beside the routes' own: schemas of answers and of events. The Worker's
 * bundle has undefined instead, so nothing that serves may use it (test/bundle.test.ts).
 */
export function forDescription<T>(describe: () => T): T {
  return describe();
}

/** Returns the same parts of a contract adapter. */
export function documented(document: () => DocumentedDialect): DocumentedDialect {
  return document();
}
