import { env, exports } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { type Change, commit } from "../../src/db/commit";
import { CommitQueue, type GroupAnswer } from "../../src/db/commit-queue";
import type { PlainStatement } from "../../src/db/database";
import { Journey } from "../journey";
import { rows } from "../operations/rows";
import { attempted, initiated, makeTenant } from "../tenant";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

type Batch = readonly PlainStatement[];

/** Settings with an object that passes each batch on as the test says, and the list of what it was handed. */
function watched(of: "off" | "transfers" | "all", pass?: (batch: Batch, real: () => Promise<GroupAnswer>) => unknown) {
  const handed: Batch[] = [];
  const real = env.COMMITTER.get(env.COMMITTER.newUniqueId());
  const commitIn = (batch: Batch) => {
    handed.push(batch);
    const answer = () => real.commit(batch) as unknown as Promise<GroupAnswer>;
    return Promise.resolve(pass ? pass(batch, answer) : answer());
  };
  const COMMITTER = { idFromName: () => "", get: () => ({ commit: commitIn }) };
  return { handed, settings: { ...env, COMMITTER, GROUP_COMMIT: of, GROUP_COMMIT_CALM_MS: "0" } };
}

/** The names of the changes in batches. */
const namesOf = (batches: readonly Batch[]) => batches.map(([line]) => line?.params[4]);

function changeOf(aggregateId: string, name = "try"): Change {
  return {
    aggregateId,
    version: 1,
    changeId: crypto.randomUUID(),
    tenant: "operator",
    name,
    actor: "operator",
    atMs: 1,
    requestId: "test",
    rows: [],
    audience: "operator",
  };
}

const journal = (aggregateId: string) => rows("select change_id from journal where aggregate_id = ?", aggregateId);

describe("what goes into groups", () => {
  async function transferOnce(of: "off" | "transfers" | "all") {
    const { handed, settings } = watched(of);
    const deps = await buildDeps(settings, "test");
    const [sender, receiver] = [await makeTenant(deps), await makeTenant(deps)];
    const transfer = await initiated(deps, sender, receiver, { amount: 700 });
    const input = { applicationId: receiver.id, reference: transfer.reference };
    expect(await attempted(deps, { name: "accept-transfer", input })).toMatchObject({ ok: true });
    return { names: namesOf(handed), hops: deps.cost.hops };
  }

  it("is nothing by default", async () => expect(await transferOnce("off")).toEqual({ names: [], hops: 0 }));

  it("are the changes of transfers alone", async () => {
    expect(await transferOnce("transfers")).toEqual({ names: ["initiate-transfer", "accept-transfer"], hops: 2 });
  });

  it("are all changes", async () => {
    const { names } = await transferOnce("all");
    expect(names).toEqual(expect.arrayContaining(["register-application", "accept-transfer"]));
  });

  it("is no batch that the journal does not guard, and none that is large", async () => {
    const { handed, settings } = watched("all");
    const { db } = await buildDeps(settings, "test");
    await db.batch([db.run(sql`delete from idempotency_keys where caller = 'nobody'`)]);
    const change = changeOf(crypto.randomUUID());
    const many = Array.from({ length: 100 }, () => db.run(sql`select 1`));
    expect(await commit(db, { ...change, rows: many })).toMatchObject({ ok: true });
    expect(handed).toEqual([]);
    expect(await journal(change.aggregateId)).toHaveLength(1);
  });
});

describe("while nobody else commits", () => {
  const calm = (settings: object) => ({ ...settings, GROUP_COMMIT_CALM_MS: "1000" });

  it("a change goes straight to the database, and beside another one into a group", async () => {
    const { handed, settings } = watched("all");
    const { db } = await buildDeps(calm(settings), "test");
    const change = () => commit(db, changeOf(crypto.randomUUID()));
    expect(await change()).toMatchObject({ ok: true });
    expect(handed).toHaveLength(0);
    expect((await Promise.all([change(), change(), change()])).every(({ ok }) => ok)).toBe(true);
    expect(handed).toHaveLength(2); // the first one could not know of the others
  });

  it("changes go into groups until one was alone there", async () => {
    let alone = false;
    const { handed, settings } = watched("all", async (_, real) => ({ ...(await real()), alone }));
    const { db } = await buildDeps(calm(settings), "test");
    const change = () => commit(db, changeOf(crypto.randomUUID()));
    await Promise.all([change(), change()]);
    expect(handed).toHaveLength(1);
    await change();
    expect(handed).toHaveLength(2); // the object has others waiting, whom this isolate does not see
    alone = true;
    await change();
    expect(handed).toHaveLength(3);
    await change();
    expect(handed).toHaveLength(3);
  });
});

describe("the object that commits groups", () => {
  const lost = Object.assign(new Error("Network connection lost."), { retryable: true });
  const replaced = new Error("Durable Object reset because its code was updated.");
  const overloaded = Object.assign(new Error("Durable Object is overloaded."), { overloaded: true, retryable: true });

  it.each([
    ["before it wrote", lost, false],
    ["after it wrote", lost, true],
    ["by a new release, before it wrote", replaced, false],
    ["by a new release, after it wrote", replaced, true],
  ])("is cut off %s: the change is written once", async (_, error, writes) => {
    const { handed, settings } = watched("all", async (_batch, real) => {
      if (writes) await real();
      throw error;
    });
    const { db } = await buildDeps(settings, "test");
    const change = changeOf(crypto.randomUUID());
    expect(await commit(db, change)).toMatchObject({ ok: true });
    expect(handed).toHaveLength(1);
    expect(await journal(change.aggregateId)).toEqual([{ change_id: change.changeId }]);
  });

  it("is cut off, and writes later what was meanwhile written without it: that is refused", async () => {
    const late: (() => Promise<GroupAnswer>)[] = [];
    const { settings } = watched("all", (_, real) => {
      late.push(real);
      throw lost;
    });
    const { db } = await buildDeps(settings, "test");
    const change = changeOf(crypto.randomUUID());
    expect(await commit(db, change)).toMatchObject({ ok: true });
    expect(await late[0]?.()).toEqual({ failure: expect.stringContaining("UNIQUE constraint failed: journal.") });
    expect(await journal(change.aggregateId)).toHaveLength(1);
  });

  it("is overloaded: the database is not asked instead", async () => {
    const { settings } = watched("all", () => {
      throw overloaded;
    });
    const { db } = await buildDeps(settings, "test");
    const change = changeOf(crypto.randomUUID());
    await expect(commit(db, change)).rejects.toThrow("overloaded");
    expect(await journal(change.aggregateId)).toEqual([]);
  });

  it("does not know whether its group was written: each member is written once, by the journal", async () => {
    let groups = 0;
    const unsure = {
      prepare: (query: string) => env.DB.prepare(query),
      async batch(statements: D1PreparedStatement[]) {
        groups += 1;
        await env.DB.batch(statements);
        if (groups <= 2) throw new Error("D1_ERROR: Network connection lost.");
      },
    };
    const queue = new CommitQueue(unsure as unknown as D1Database);
    const COMMITTER = { idFromName: () => "", get: () => queue };
    const { settings } = watched("all");
    const { db } = await buildDeps({ ...settings, COMMITTER }, "test");
    const changes = Array.from({ length: 12 }, () => changeOf(crypto.randomUUID()));
    expect((await Promise.all(changes.map((change) => commit(db, change)))).every(({ ok }) => ok)).toBe(true);
    expect(groups).toBe(2);
    for (const { aggregateId, changeId } of changes) {
      expect(await journal(aggregateId)).toEqual([{ change_id: changeId }]);
    }
  });

  it("gives rivals in one group the answers that they would have had alone", async () => {
    const { settings } = watched("all");
    const { db } = await buildDeps(settings, "test");
    const id = crypto.randomUUID();
    const others = Array.from({ length: 6 }, () => changeOf(crypto.randomUUID()));
    const outcomes = await Promise.all([
      ...others.map((change) => commit(db, change)),
      ...Array.from({ length: 4 }, () => commit(db, changeOf(id))),
    ]);
    expect(outcomes.slice(0, 6).every(({ ok }) => ok)).toBe(true);
    expect(outcomes.slice(6).filter(({ ok }) => ok)).toHaveLength(1);
    const lostRaces = outcomes.filter(({ ok }) => !ok);
    expect(lostRaces).toEqual(lostRaces.map(() => ({ ok: false, conflict: "journal.aggregate_id, journal.version" })));
    expect(await journal(id)).toHaveLength(1);
  });
});
