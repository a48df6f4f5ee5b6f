import { DurableObject } from "cloudflare:workers";
import type { PlainStatement } from "../../../src/db/database";

/*
 * What a batch takes beside the time of a batch that writes: a D1 that stands for one whose times nobody has measured
 * yet (`npm run probe` measures them).
 */
const statementMs = 0.02;
const readMs = 1;

/** D1 with one thread and with these times: it waits before it passes a batch on, and the next batch waits for it. */
export class SlowDatabase extends DurableObject<{ DB: D1Database; WRITE_MS: number }> {
  #last: Promise<unknown> = Promise.resolve();
  #owedMs = 0;

  batch(statements: readonly PlainStatement[]): Promise<D1Result[]> {
    const turn = this.#last.then(() => this.#pass(statements));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #pass(statements: readonly PlainStatement[]): Promise<D1Result[]> {
    const writes = statements.some(({ sql }) => !/^\s*select/i.test(sql));
    this.#owedMs += writes ? this.env.WRITE_MS + statementMs * statements.length : readMs;
    const wholeMs = Math.floor(this.#owedMs); // the timer knows whole milliseconds
    this.#owedMs -= wholeMs;
    await scheduler.wait(wholeMs);
    return this.env.DB.batch(statements.map(({ sql, params }) => this.env.DB.prepare(sql).bind(...params)));
  }
}

/** Returns the database as the application sees it. Single statements go past the slow one: only controls send them. */
export function slowed(DB: D1Database, slow: DurableObjectNamespace<SlowDatabase>): D1Database {
  const texts = new WeakMap<D1PreparedStatement, PlainStatement>();
  const known = (statement: D1PreparedStatement, plain: PlainStatement) => {
    texts.set(statement, plain);
    return statement;
  };
  const prepare = (sql: string) => {
    const real = DB.prepare(sql);
    const bind = real.bind.bind(real);
    real.bind = (...params: unknown[]) => known(bind(...params), { sql, params });
    return known(real, { sql, params: [] });
  };
  const batch = (statements: D1PreparedStatement[]) =>
    slow.get(slow.idFromName("DB")).batch(statements.map((statement) => texts.get(statement) as PlainStatement));
  return { prepare, batch } as unknown as D1Database;
}
