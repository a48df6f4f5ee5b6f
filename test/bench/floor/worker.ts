import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  DB: D1Database;
  LOCK: DurableObjectNamespace<Lock>;
  LIMITER: DurableObjectNamespace<Limiter>;
  STRIPE: Fetcher;
}

/**
 * The least that a read, a checkout, an accept and the steps of a payment or transfer can be: the same D1 round trips with
 * about as many rows, one hop to an object, one call at Stripe; for transfers without the call, and the hop where they are counted. No rules, no checks, no rows that depend on one another: what ours takes beyond it is ours.
 */
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const latencyMs = Number(searchParams.get("latencyMs") ?? 0);
    switch (pathname) {
      case "/api/v1/status": // where the harness asks whether a server is up
        await env.DB.exec(table);
        return new Response("ok");
      case "/nothing":
        return Response.json({ id: "nothing" });
      case "/read":
        await look(env.DB);
        return Response.json({ id: "read" });
      case "/checkout":
        await look(env.DB);
        await write(env.DB, 2);
        await lockOf(env).perform({ latencyMs, looks: 1, rowsBefore: 7, rowsAfter: 4 });
        return Response.json({ id: "checkout" });
      case "/accept":
        await look(env.DB);
        await write(env.DB, 2);
        await lockOf(env).perform({ latencyMs, looks: 1, rowsBefore: 0, rowsAfter: 20 });
        return new Response(null, { status: 204 });
      case "/create-payment":
      case "/confirm-payment":
      case "/refund-payment":
        await look(env.DB);
        await write(env.DB, 2);
        await lockOf(env).perform({ latencyMs, ...workOfPayments[pathname] });
        return Response.json({ id: "payment" });
      case "/initiate-transfer":
        await look(env.DB);
        await limiterOf(env).take();
        await look(env.DB);
        await write(env.DB, 8);
        return Response.json({ id: "transfer" }, { status: 201 });
      case "/accept-transfer":
        await look(env.DB);
        await look(env.DB);
        await write(env.DB, 8);
        return Response.json({ id: "transfer" });
      default:
        return new Response(null, { status: 404 });
    }
  },
} satisfies ExportedHandler<Env>;

/** What happens under the lock: round trips that read, rows that are claimed, Stripe's answer, rows of what came of it. */
interface Work {
  latencyMs: number;
  looks: number;
  rowsBefore: number;
  rowsAfter: number;
}

/** What is read and claimed before the call, and what is written after it. */
const workOfPayments = {
  "/create-payment": { looks: 1, rowsBefore: 6, rowsAfter: 7 },
  "/confirm-payment": { looks: 2, rowsBefore: 3, rowsAfter: 7 },
  "/refund-payment": { looks: 2, rowsBefore: 6, rowsAfter: 7 },
};

/** The object that would hold the lock: read again, write what is claimed, call Stripe, write what came of it. */
export class Lock extends DurableObject<Env> {
  async perform({ latencyMs, looks, rowsBefore, rowsAfter }: Work) {
    for (let done = 0; done < looks; done += 1) await look(this.env.DB);
    if (rowsBefore > 0) await write(this.env.DB, rowsBefore);
    const answer = await this.env.STRIPE.fetch("https://stripe/", { headers: { "Latency-Ms": String(latencyMs) } });
    await answer.json();
    await write(this.env.DB, rowsAfter);
  }
}

/** The object that would count: one number, kept. */
export class Limiter extends DurableObject<Env> {
  take(): number {
    const used = (this.ctx.storage.kv.get<number>("used") ?? 0) + 1;
    this.ctx.storage.kv.put("used", used);
    return used;
  }
}

/** Stripe, after as little work as possible. */
export class Stripe extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const latencyMs = Number(request.headers.get("Latency-Ms"));
    if (latencyMs > 0) await scheduler.wait(latencyMs);
    return Response.json({ id: "cs_floor", object: "checkout.session" });
  }
}

const table =
  "CREATE TABLE IF NOT EXISTS facts (id TEXT NOT NULL, line INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id, line)) STRICT, WITHOUT ROWID";

/** One round trip of two look-ups by key. */
async function look(db: D1Database): Promise<void> {
  const select = db.prepare("SELECT body FROM facts WHERE id = ?");
  await db.batch([select.bind(crypto.randomUUID()), select.bind(crypto.randomUUID())]);
}

/** One round trip that writes so many rows, one statement each, as a change of many tables does. */
async function write(db: D1Database, rows: number): Promise<void> {
  const id = crypto.randomUUID();
  const insert = db.prepare("INSERT INTO facts (id, line, body) VALUES (?, ?, ?)");
  await db.batch(Array.from({ length: rows }, (_, line) => insert.bind(id, line, body)));
}

const body = JSON.stringify({ about: "as long as a row of ours", amountMinor: 14_950, currency: "eur" });

/** As many objects as ours has, warm. */
function lockOf({ LOCK }: Env) {
  return LOCK.get(LOCK.idFromName(`lock-${Math.floor(Math.random() * 64)}`));
}

/** About as many as send in a round. */
function limiterOf({ LIMITER }: Env) {
  return LIMITER.get(LIMITER.idFromName(`limiter-${Math.floor(Math.random() * 2)}`));
}
