import { env } from "cloudflare:workers";
import { buildDeps } from "../../../src/container";
import { emptyCost } from "../../../src/cost";
import { openDatabase, type PlainStatement, type Send, sendTo } from "../../../src/db/database";
import { run } from "../../../src/operations/operations";
import { initiated, makeTenant, type Tenant } from "../../tenant";

/** A change that was timed: the time of its batch, D1's own part of it, and what it held. */
export interface Timed {
  batchMs: number;
  sqlMs: number;
  statements: number;
  rowsWritten: number;
}

const { DB, PROBE_TOKEN } = env as unknown as { DB: D1Database; PROBE_TOKEN: string };

/**
 * Accepts transfers with Accord's own operations, for `npm run probe`: some at once, whose changes go to D1 as one
 * batch, which is timed. Nothing of it needs an object or a queue.
 */
export default {
  async fetch(request) {
    if (request.headers.get("Authorization") !== `Bearer ${PROBE_TOKEN}`) return new Response(null, { status: 401 });
    const steps: Record<string, (asked: never) => Promise<unknown>> = { migrate, open, initiate, accept };
    const step = steps[new URL(request.url).pathname.slice(1)];
    if (!step) return new Response(null, { status: 404 });
    try {
      return Response.json(await step((await request.json()) as never));
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 500 });
    }
  },
} satisfies ExportedHandler;

async function migrate({ statements }: { statements: string[] }): Promise<number> {
  return (await DB.batch(statements.map((statement) => DB.prepare(statement)))).length;
}

/** Makes the two applications between which transfers go. */
async function open(): Promise<[Tenant, Tenant]> {
  const deps = await buildDeps(env, "probe");
  return [await makeTenant(deps), await makeTenant(deps)];
}

async function initiate({ sender, receiver, count }: { sender: Tenant; receiver: Tenant; count: number }) {
  const deps = await buildDeps(env, "probe");
  const made = Array.from({ length: count }, () => initiated(deps, sender, receiver));
  return (await Promise.all(made)).map(({ reference }) => reference);
}

async function accept({ receiver, references }: { receiver: Tenant; references: string[] }): Promise<Timed> {
  const { send, timed } = gathering(references.length);
  const deps = { ...(await buildDeps(env, "probe")), db: openDatabase(DB, emptyCost(), undefined, send) };
  await Promise.all(
    references.map(async (reference) => {
      const input = { applicationId: receiver.id, reference };
      const result = await run(deps, { name: "accept-transfer", input });
      if (!result.ok) throw new Error(`${reference} was refused: ${result.refusal}`);
    }),
  );
  return timed();
}

/** Makes a way to send batches that waits for so many changes, and sends them as one. */
function gathering(count: number): { send: Send; timed: () => Timed } {
  const direct = sendTo(DB);
  const members: {
    batch: readonly PlainStatement[];
    done: (results: D1Result[]) => void;
    fail: (e: unknown) => void;
  }[] = [];
  let timed: Timed | undefined;
  const together = async () => {
    const startMs = Date.now();
    const statements = members.flatMap(({ batch }) => batch);
    const results = await direct(statements);
    timed = {
      batchMs: Date.now() - startMs,
      sqlMs: results.reduce((sum, { meta }) => sum + meta.duration, 0),
      statements: statements.length,
      rowsWritten: results.reduce((sum, { meta }) => sum + meta.rows_written, 0),
    };
    for (const { batch, done } of members) done(results.splice(0, batch.length));
  };
  return {
    send(batch) {
      if (!batch[0]?.sql.startsWith('insert into "journal"')) return direct(batch);
      const { promise, resolve: done, reject: fail } = Promise.withResolvers<D1Result[]>();
      members.push({ batch, done, fail });
      if (members.length === count) {
        together().catch((error) => {
          for (const member of members) member.fail(error);
        });
      }
      return promise;
    },
    timed() {
      if (!timed) throw new Error("nothing was written");
      return timed;
    },
  };
}
