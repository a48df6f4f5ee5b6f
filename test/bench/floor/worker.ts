import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  DB: D1Database;
  LOCK: DurableObjectNamespace<Lock>;
  LIMITER: DurableObjectNamespace<Limiter>;
  STRIPE: Fetcher;
}

/**
 * A bare Worker with the least work that a read, a checkout, an accept and the steps of a payment or transfer can need:
 * the same D1 round trips with about as many rows, one hop to an object, one Stripe call; for transfers no call, and a
 * hop only where they are counted. It has no rules, no checks, and no rows that depend on one another: the difference
 * is Accord's own cost.
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

/**
 * The work under the lock: round trips that read, rows written before the call, Stripe's answer, rows written after it.
 */
interface Work {
  latencyMs: number;
  looks: number;
  rowsBefore: number;
  rowsAfter: number;
}

/** The number of reads and rows before the call, and of rows after it. */
const workOfPayments = {
  "/create-payment": { looks: 1, rowsBefore: 6, rowsAfter: 7 },
  "/confirm-payment": { looks: 2, rowsBefore: 3, rowsAfter: 7 },
  "/refund-payment": { looks: 2, rowsBefore: 6, rowsAfter: 7 },
};

/** Stands for the object with the lock: it reads again, writes rows, calls Stripe, and writes rows. */
export class Lock extends DurableObject<Env> {
  async perform({ latencyMs, looks, rowsBefore, rowsAfter }: Work) {
    for (let done = 0; done < looks; done += 1) await look(this.env.DB);
    if (rowsBefore > 0) await write(this.env.DB, rowsBefore);
    const answer = await this.env.STRIPE.fetch("https://stripe/", { headers: { "Latency-Ms": String(latencyMs) } });
    await answer.json();
    await write(this.env.DB, rowsAfter);
  }
}

/** Stands for the object that counts: it stores one number. */
export class Limiter extends DurableObject<Env> {
  take(): number {
    const used = (this.ctx.storage.kv.get<number>("used") ?? 0) + 1;
    this.ctx.storage.kv.put("used", used);
    return used;
  }
}

/** Stands for Stripe, with as little work as possible. */
export class Stripe extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const latencyMs = Number(request.headers.get("Latency-Ms"));
    if (latencyMs > 0) await scheduler.wait(latencyMs);
    return Response.json({ id: "cs_floor", object: "checkout.session" });
  }
}

const table =
  "CREATE TABLE IF NOT EXISTS facts (id TEXT NOT NULL, line INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id, line)) STRICT, WITHOUT ROWID";

/** Does one round trip of two look-ups by key. */
async function look(db: D1Database): Promise<void> {
  const select = db.prepare("SELECT body FROM facts WHERE id = ?");
  await db.batch([select.bind(crypto.randomUUID()), select.bind(crypto.randomUUID())]);
}

/** Does one round trip that writes so many rows, one statement each, like a change of many tables. */
async function write(db: D1Database, rows: number): Promise<void> {
  const id = crypto.randomUUID();
  const insert = db.prepare("INSERT INTO facts (id, line, body) VALUES (?, ?, ?)");
  await db.batch(Array.from({ length: rows }, (_, line) => insert.bind(id, line, body)));
}

const body = JSON.stringify({ about: "as long as a row of ours", amountMinor: 14_950, currency: "eur" });

/** Returns one of as many objects as Accord has, warm. */
function lockOf({ LOCK }: Env) {
  return LOCK.get(LOCK.idFromName(`lock-${Math.floor(Math.random() * 64)}`));
}

/** Returns one of about as many objects as there are senders in a round. */
function limiterOf({ LIMITER }: Env) {
  return LIMITER.get(LIMITER.idFromName(`limiter-${Math.floor(Math.random() * 2)}`));
}
