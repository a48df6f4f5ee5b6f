import { env } from "cloudflare:workers";
import { emptyCost } from "../../src/cost";
import { type Database, openDatabase, type Statement } from "../../src/db/database";

/** Returns SQLite's plan for everything that some work asks of the database, a line a step. */
export async function plansOf(work: (db: Database) => Promise<unknown>): Promise<string[]> {
  const asked: { query: string; values: unknown[] }[] = [];
  const listening = {
    batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
    prepare(query: string) {
      const statement = env.DB.prepare(query);
      const bind = statement.bind.bind(statement);
      statement.bind = (...values: unknown[]) => {
        asked.push({ query, values });
        return bind(...values);
      };
      return statement;
    },
  };
  await work(openDatabase(listening as unknown as D1Database, emptyCost()));
  const plans = asked.map(({ query, values }) =>
    env.DB.prepare(`explain query plan ${query}`)
      .bind(...values)
      .all<{ detail: string }>(),
  );
  return (await Promise.all(plans)).flatMap(({ results }) => results.map(({ detail }) => detail));
}

/** Returns the same for a single statement. */
export function planOf(make: (db: Database) => Statement): Promise<string[]> {
  return plansOf((db) => db.batch([make(db)]));
}

/**
 * Lists the steps that read a whole table or index, except results of other steps and an endpoint's event types. A part
 * of a table that has the table's name is found by an index before it is scanned.
 */
export function scansIn(plan: readonly string[]): string[] {
  const parts = plan.flatMap((step, at) => {
    const name = /^CO-ROUTINE (\w+)$/.exec(step)?.[1] ?? "";
    return /^(SEARCH|SCAN) (\w+) USING /.exec(plan[at + 1] ?? "")?.[2] === name ? [name] : [];
  });
  return plan.filter((step) => {
    if (!step.startsWith("SCAN ") || /^SCAN (CONSTANT ROW|\(subquery-\d+\)|half|json_each .*)$/.test(step))
      return false;
    const part = parts.indexOf(step.slice("SCAN ".length));
    if (part >= 0) parts.splice(part, 1);
    return part < 0;
  });
}
