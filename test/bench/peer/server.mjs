/**
 * A plain payments service, to compare with: Fastify and PostgreSQL, one process, sixteen connections. It accepts a
 * transfer as Accord does, in steps of one transaction: who asks (a JWT), the idempotency key, the state of the
 * transfer, both wallets with their limits, two entries, two postings, the journal, an event. It has no rate limit,
 * no deliveries and no explanations.
 */
// @ts-nocheck: what it imports is not installed where types are checked.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";

const { PEER_MODULES = "", PORT, PGHOST, PGPORT } = process.env;
const installed = createRequire(join(PEER_MODULES, "package.json"));
const pg = installed("pg");
const fastify = installed("fastify");

const pool = new pg.Pool({ host: PGHOST, port: Number(PGPORT), user: "peer", database: "postgres", max: 16 });
await pool.query(`
  create table if not exists wallets (app text primary key, balance bigint not null, check (balance >= -1000000000000));
  create table if not exists transfers (reference text primary key, sender text not null, receiver text not null,
    amount bigint not null check (amount > 0), state text not null, accepted_at bigint);
  create table if not exists entries (wallet text not null, transfer text not null, amount bigint not null,
    at bigint not null, primary key (wallet, transfer));
  create table if not exists journal (aggregate text not null, version int not null, name text not null,
    at bigint not null, data jsonb not null, primary key (aggregate, version));
  create table if not exists postings (aggregate text not null, version int not null, line int not null,
    account text not null, amount bigint not null, primary key (aggregate, version, line));
  create table if not exists outbox (id text primary key, aggregate text not null, type text not null, data jsonb not null);
  create table if not exists keys (caller text not null, key text not null, fingerprint text not null, result jsonb,
    primary key (caller, key))`);

const secret = randomUUID();
const sign = (text) => createHmac("sha256", secret).update(text).digest();
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function callerOf({ headers: { authorization = "" } }) {
  const [head, body, signature] = authorization.replace("Bearer ", "").split(".");
  const right = sign(`${head}.${body}`);
  const given = Buffer.from(signature ?? "", "base64url");
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const { sub, exp } = JSON.parse(Buffer.from(body, "base64url").toString());
  return exp * 1000 > Date.now() ? sub : undefined;
}

/** Runs a statement by its name, so that PostgreSQL plans it once for each connection. */
const run = (client, name, text, values) => client.query({ name, text, values });

class Refusal extends Error {}

async function accept(client, app, reference, key) {
  const taken = await run(client, "take key", "insert into keys values ($1, $2, $3) on conflict do nothing", [
    app,
    key,
    reference,
  ]);
  if (taken.rowCount === 0) {
    const { rows } = await run(client, "key", "select * from keys where caller = $1 and key = $2", [app, key]);
    if (rows[0].fingerprint !== reference) throw new Refusal("key_reused");
    return rows[0].result;
  }
  const { rows } = await run(client, "transfer", "select * from transfers where reference = $1 for update", [
    reference,
  ]);
  const [transfer] = rows;
  if (transfer?.receiver !== app) throw new Refusal("unknown");
  if (transfer.state !== "open") throw new Refusal("resolved");
  const { sender, amount } = transfer;
  const at = Date.now();
  const moves = [
    [sender, -amount],
    [app, Number(amount)],
  ].sort(([one], [other]) => (one < other ? -1 : 1)); // no two wait for each other
  for (const [line, [wallet, sum]] of moves.entries()) {
    await run(client, "move", "update wallets set balance = balance + $2 where app = $1", [wallet, sum]);
    await run(client, "entry", "insert into entries values ($1, $2, $3, $4)", [wallet, reference, sum, at]);
    await run(client, "posting", "insert into postings values ($1, 2, $2, $3, $4)", [reference, line, wallet, sum]);
  }
  await run(client, "journal", "insert into journal values ($1, 2, 'accept-transfer', $2, $3)", [
    reference,
    at,
    { sender, receiver: app },
  ]);
  await run(client, "event", "insert into outbox values ($1, $2, 'transfer.completed', $3)", [
    randomUUID(),
    reference,
    { reference, amount },
  ]);
  await run(client, "end", "update transfers set state = 'completed', accepted_at = $2 where reference = $1", [
    reference,
    at,
  ]);
  const result = { data: { reference, sender, receiver: app, amount: Number(amount), state: "COMPLETED" } };
  await run(client, "keep key", "update keys set result = $3 where caller = $1 and key = $2", [app, key, result]);
  return result;
}

async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

const app = fastify();
app.get("/api/v1/status", async () => ({ ok: true }));

app.post("/api/v1/applications", async (_request, reply) => {
  const id = randomUUID();
  await pool.query("insert into wallets values ($1, 0)", [id]);
  const claims = `${encoded({ alg: "HS256" })}.${encoded({ sub: id, exp: Date.now() / 1000 + 3600 })}`;
  return reply.code(201).send({ id, token: `${claims}.${sign(claims).toString("base64url")}` });
});

const terms = {
  type: "object",
  required: ["receiverTag", "amount"],
  properties: { receiverTag: { type: "string" }, amount: { type: "number", exclusiveMinimum: 0 } },
};

app.post("/api/v1/transactions", { schema: { body: terms } }, async (request, reply) => {
  const sender = callerOf(request);
  if (!sender) return reply.code(401).send();
  const reference = randomUUID();
  const { receiverTag, amount } = request.body;
  const values = [reference, sender, receiverTag, Math.round(amount * 100)];
  await pool.query("insert into transfers values ($1, $2, $3, $4, 'open')", values);
  return reply.code(201).send({ data: { reference } });
});

app.post("/api/v1/transactions/:reference/accept", async (request, reply) => {
  const caller = callerOf(request);
  if (!caller) return reply.code(401).send();
  try {
    const key = request.headers["idempotency-key"] ?? randomUUID();
    return await inTransaction((client) => accept(client, caller, request.params.reference, key));
  } catch (error) {
    if (error instanceof Refusal) return reply.code(422).send({ code: error.message });
    throw error;
  }
});

await app.listen({ port: Number(PORT), host: "127.0.0.1" });
