import { is, Param, Placeholder, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Database, Statement } from "./database";

/** The part of a statement that a batch uses: its text with its parameters, and how its rows are read. */
interface Prepared {
  getQuery: () => { sql: string; params: unknown[] };
  mapResult: (response: unknown, isFromBatch?: boolean) => unknown;
}

/** Statements are built without a database, because the one of an invocation must not be kept beyond it. */
const builder: Database = drizzle({ prepare: () => undefined } as unknown as D1Database);

/**
 * Builds statements once for each isolate: building them is most of what a short request computes. In `build` each
 * member of `given` is a placeholder that stands for a value, so nothing may be computed from it. The function that is
 * returned fills the values in, for one batch.
 */
export function compiled<V extends object, const L extends readonly Statement[]>(
  build: (db: Database, given: V) => L,
): (db: Database, values: V) => L {
  let made: ((client: D1Database, values: V) => Statement)[] | undefined;
  return (db, values) => {
    made ??= build(builder, placeholders()).map((statement) => fillable(statement));
    const { $client } = db as unknown as { $client: D1Database };
    return made.map((fill) => fill($client, values)) as unknown as L;
  };
}

function placeholders<V extends object>(): V {
  return new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) }) as V;
}

function fillable<V extends object>(statement: Statement): (client: D1Database, values: V) => Statement {
  const prepared = (statement as unknown as { _prepare: () => Prepared })._prepare();
  const { sql: text, params } = prepared.getQuery();
  const fillers = params.map(fillerOf);
  return (client, values) => {
    const filled: Prepared & { stmt: Pick<D1PreparedStatement, "bind"> } = {
      stmt: { bind: (...bound) => client.prepare(text).bind(...bound) },
      getQuery: () => ({ sql: text, params: fillers.map((fill) => fill(values as Record<string, unknown>)) }),
      mapResult: (response, isFromBatch) => prepared.mapResult(response, isFromBatch),
    };
    return { _prepare: () => filled } as unknown as Statement;
  };
}

/** Returns what fills in one parameter: a value as it is or as its column stores it, or what is always the same. */
function fillerOf(param: unknown): (values: Record<string, unknown>) => unknown {
  if (is(param, Placeholder)) return (values) => values[param.name];
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
  const { encoder, value } = param;
  return ({ [value.name]: found }) => (found === null ? null : encoder.mapToDriverValue(found));
}
