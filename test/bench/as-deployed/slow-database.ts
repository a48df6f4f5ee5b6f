import { DurableObject } from "cloudflare:workers";
import type { PlainStatement } from "../../../src/db/database";

/*
 * What a batch takes beside the time of a batch that writes: a D1 that stands for one whose times nobody has measured
 * yet (`npm run probe` measures them).
 */
const statementMs = 0.02;
const readMs = 1;

/**
 * D1 with one thread and with these times. A batch is passed on when those before it and itself would be over. This is
 * reckoned from the end of the one before, so that a timer that is late does not make the database slower.
 */
export class SlowDatabase extends DurableObject<{ DB: D1Database; WRITE_MS: number }> {
  #freeAtMs = 0;

  async batch(statements: readonly PlainStatement[]): Promise<D1Result[]> {
    const writes = statements.some(({ sql }) => !/^\s*select/i.test(sql));
    const takesMs = writes ? this.env.WRITE_MS + statementMs * statements.length : readMs;
    this.#freeAtMs = Math.max(this.#freeAtMs, Date.now()) + takesMs;
    await scheduler.wait(Math.max(0, this.#freeAtMs - Date.now()));
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
