import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { emptyCost } from "../../src/cost";
import { type Change, commit } from "../../src/db/commit";
import { openDatabase } from "../../src/db/database";
import { move } from "../../src/domain/ledger";
import { run } from "../../src/operations/operations";
import { Journey } from "../journey";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

type Batch = (statements: D1PreparedStatement[]) => Promise<D1Result[]>;

/** Wraps the real database so that the test decides the outcome of the first batches that write into the journal. */
function lying(answer: (real: Batch, statements: D1PreparedStatement[]) => Promise<D1Result[]>, times = 1) {
  let isChange = false;
  let told = 0;
  const real: Batch = (statements) => env.DB.batch(statements);
  const binding = {
    prepare(query: string) {
      if (query.startsWith('insert into "journal"')) isChange = true;
      return env.DB.prepare(query);
    },
    batch(statements: D1PreparedStatement[]) {
      if (!isChange || told === times) return real(statements);
      isChange = false;
      told += 1;
      return answer(real, statements);
    },
  };
  return openDatabase(binding as unknown as D1Database, emptyCost());
}

const lost = new Error("D1_ERROR: Network connection lost.");

async function writtenAndLost(real: Batch, statements: D1PreparedStatement[]): Promise<D1Result[]> {
  await real(statements);
  throw lost;
}

function changeOf(aggregateId: string): Change {
  return {
    aggregateId,
    version: 1,
    changeId: crypto.randomUUID(),
    tenant: "operator",
    name: "try",
    actor: "operator",
    atMs: 1,
    requestId: "test",
    rows: [],
    postings: move(100, "eur", { debit: "stripe_fees", credit: "stripe_balance", reference: "txn_1" }),
    audience: "operator",
  };
}

const journal = (aggregateId: string) => rows("select change_id from journal where aggregate_id = ?", aggregateId);

describe("a commit whose answer was lost", () => {
  it("is taken as done when it was written, and its money is booked once", async () => {
    const change = changeOf(crypto.randomUUID());
    expect(await commit(lying(writtenAndLost), change)).toEqual({ ok: true, jobs: [] });
    expect(await journal(change.aggregateId)).toEqual([{ change_id: change.changeId }]);
    expect(await rows("select 1 from postings where aggregate_id = ?", change.aggregateId)).toHaveLength(2);
  });

  it("is taken as done when it was repeated on the way, and so ran into itself", async () => {
    const change = changeOf(crypto.randomUUID());
    const twice = lying(async (real, statements) => {
      await real(statements);
      return real(statements);
    });
    expect(await commit(twice, change)).toEqual({ ok: true, jobs: [] });
    expect(await journal(change.aggregateId)).toEqual([{ change_id: change.changeId }]);
  });

  it("is sent once more when it was not written", async () => {
    const change = changeOf(crypto.randomUUID());
    const unwritten = lying(() => Promise.reject(lost));
    expect(await commit(unwritten, change)).toMatchObject({ ok: true });
    expect(await journal(change.aggregateId)).toEqual([{ change_id: change.changeId }]);
    expect(await rows("select 1 from postings where aggregate_id = ?", change.aggregateId)).toHaveLength(2);
  });

  it("is written once when the first one arrives after all, behind the second", async () => {
    const change = changeOf(crypto.randomUUID());
    const late: D1PreparedStatement[][] = [];
    const delayed = lying((_, statements) => {
      late.push(statements);
      return Promise.reject(lost);
    });
    expect(await commit(delayed, change)).toMatchObject({ ok: true });
    await expect(env.DB.batch(late[0] ?? [])).rejects.toThrow("UNIQUE");
    expect(await journal(change.aggregateId)).toHaveLength(1);
  });

  it("is an error when it was not written the second time either", async () => {
    const change = changeOf(crypto.randomUUID());
    const unwritten = lying(() => Promise.reject(lost), 2);
    await expect(commit(unwritten, change)).rejects.toThrow("Network connection lost");
    expect(await journal(change.aggregateId)).toEqual([]);
  });

  it.each([
    "D1 DB is overloaded. Requests queued for too long.",
    "D1 DB is overloaded. Too many requests queued.",
    "D1 DB storage operation exceeded timeout which caused object to be reset.",
    "D1 DB's isolate exceeded its memory limit and was reset.",
    "D1 DB exceeded its CPU time limit and was reset.",
    "no such table: journal",
  ])("is not sent again when that would only make it worse: %s", async (words) => {
    const change = changeOf(crypto.randomUUID());
    const refused = lying(() => Promise.reject(new Error(`D1_ERROR: ${words}`)));
    await expect(commit(refused, change)).rejects.toThrow(words);
    expect(await journal(change.aggregateId)).toEqual([]);
  });

  it("is a conflict, or an error, when somebody else's change stands in its place", async () => {
    const other = changeOf(crypto.randomUUID());
    const deps = await buildDeps(env, "test");
    expect(await commit(deps.db, other)).toMatchObject({ ok: true });
    const change = changeOf(other.aggregateId);
    expect(await commit(deps.db, change)).toMatchObject({ ok: false });
    await expect(
      commit(
        lying(() => Promise.reject(lost), 2),
        change,
      ),
    ).rejects.toThrow("Network connection lost");
    expect(await journal(change.aggregateId)).toEqual([{ change_id: other.changeId }]);
  });

  it("lets the operation go on, and it is done once", async () => {
    const expert = await journey.registerExpert();
    const [user] = await rows<{ id: string }>("select id from users where email = ?", expert.email);
    const offer = await journey.offerOnTable({ expert, onboarded: false });
    const deps = await buildDeps(env, "test");
    const input = { userId: user?.id ?? "", testimonyId: offer.testimonyId, offerId: offer.offerId };
    const result = await run({ ...deps, db: lying(writtenAndLost) }, { name: "withdraw-offer", input });
    expect(result).toMatchObject({ ok: true });
    expect(await rows("select 1 from journal where name = 'withdraw-offer'")).toHaveLength(1);
  });
});
