import { env } from "cloudflare:workers";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { CommitQueue, type GroupAnswer } from "../../src/db/commit-queue";

type Member = { sql: string; params: readonly unknown[] }[];

/** A table with the constraints of the journal and of a wallet: a key, and a limit. */
const table = "create table members (id text primary key, value integer not null check (value < 100)) strict";

beforeEach(async () => {
  await env.DB.batch([env.DB.prepare("drop table if exists members"), env.DB.prepare(table)]);
});

// Other files read the same database, and one of them compares its tables with a list.
afterAll(() => env.DB.exec("drop table members"));

/** A member that writes a row and reads it again: its answer tells whose it is. */
const insert = (id: string, value = 1): Member => [
  { sql: "insert into members values (?, ?)", params: [id, value] },
  { sql: "select id, value from members where id = ?", params: [id] },
];

const written = async () =>
  (await env.DB.prepare("select id from members order by rowid").all()).results.map(({ id }) => id);

const read = (answer: GroupAnswer | undefined) =>
  answer && "results" in answer ? answer.results.at(-1)?.results : answer?.failure;

/** The real database, whose batches are counted, may be held back, and may fail. */
class Watched {
  /** The number of statements of each batch. */
  readonly sizes: number[] = [];
  fail: { before?: Error; after?: Error }[] = [];
  #free: Promise<void> = Promise.resolve();

  readonly binding = {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      this.sizes.push(statements.length);
      await this.#free;
      const { before, after } = this.fail.shift() ?? {};
      if (before) throw before;
      const results = await env.DB.batch(statements);
      if (after) throw after;
      return results;
    },
  } as unknown as D1Database;

  /** Holds every batch back until the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#free = promise;
    return resolve;
  }
}

/** Lets one member be on its way, the others wait for it, and all of them go. */
async function crowd(watched: Watched, members: readonly Member[]): Promise<GroupAnswer[]> {
  const queue = new CommitQueue(watched.binding);
  const release = watched.hold();
  const answers = [insert("first"), ...members].map((member) => queue.commit(member));
  release();
  return Promise.all(answers);
}

const numbered = (count: number, amountOf: (number: number) => number = () => 1) =>
  Array.from({ length: count }, (_, number) => insert(`m${number}`, amountOf(number)));

describe("batches that come while one is on its way", () => {
  it("go together, and each gets its own results", async () => {
    const watched = new Watched();
    const members = numbered(5, (number) => number);
    const [first, ...others] = await crowd(watched, members);
    expect(watched.sizes).toEqual([2, 10]);
    expect(read(first)).toEqual([{ id: "first", value: 1 }]);
    expect(others.map(read)).toEqual(members.map((_, number) => [{ id: `m${number}`, value: number }]));
    expect(await written()).toEqual(["first", "m0", "m1", "m2", "m3", "m4"]);
  });

  it("are told whether they were alone", async () => {
    const watched = new Watched();
    const answers = await crowd(watched, numbered(2));
    const later = await new CommitQueue(watched.binding).commit(insert("later"));
    expect([...answers, later].map((answer) => "alone" in answer && answer.alone)).toEqual([false, false, false, true]);
  });

  it("go in groups of at most 32, each led by one of its own", async () => {
    const watched = new Watched();
    const answers = await crowd(watched, numbered(80));
    expect(watched.sizes).toEqual([2, 64, 64, 32]);
    expect(answers.filter((answer) => "results" in answer)).toHaveLength(81);
  });

  it("go in groups of at most 600 statements and 400,000 characters, and a larger one by itself", async () => {
    const watched = new Watched();
    const long = (id: string, statements: number): Member => [
      ...insert(id),
      ...Array.from({ length: statements - 2 }, () => ({ sql: "select 1", params: [] })),
    ];
    const wide = (id: string): Member => [...insert(id), { sql: "select ?", params: ["x".repeat(150_000)] }];
    await crowd(watched, [
      long("a", 400),
      long("b", 200),
      long("c", 1),
      long("d", 700),
      wide("e"),
      wide("f"),
      wide("g"),
    ]);
    expect(watched.sizes).toEqual([2, 600, 2, 700, 6, 3]);
  });

  it("are refused in D1's words when a thousand wait", async () => {
    const watched = new Watched();
    const queue = new CommitQueue(watched.binding);
    const release = watched.hold();
    const one = [{ sql: "select 1", params: [] }];
    const waiting = Array.from({ length: 1_001 }, () => queue.commit(one));
    expect(await queue.commit(one)).toEqual({ failure: expect.stringContaining("overloaded") });
    release();
    expect((await Promise.all(waiting)).every((answer) => "results" in answer)).toBe(true);
  });
});

describe("a group that SQLite refuses", () => {
  it("is split, so that each member has the answer that it would have had alone", async () => {
    const watched = new Watched();
    const members = [insert("a"), insert("a", 2), insert("b", 100), insert("c"), insert("first"), insert("d")];
    const answers = await crowd(watched, members);
    expect(answers.map(read)).toEqual([
      [{ id: "first", value: 1 }],
      [{ id: "a", value: 1 }],
      expect.stringContaining("UNIQUE constraint failed: members.id"),
      expect.stringContaining("CHECK constraint failed: value < 100"),
      [{ id: "c", value: 1 }],
      expect.stringContaining("UNIQUE constraint failed: members.id"),
      [{ id: "d", value: 1 }],
    ]);
    expect(await written()).toEqual(["first", "a", "c", "d"]);
  });

  it("finds one of 32 in at most eleven batches", async () => {
    for (const place of [0, 13, 31]) {
      await env.DB.exec("delete from members");
      const watched = new Watched();
      const answers = await crowd(
        watched,
        numbered(32, (number) => (number === place ? 100 : 1)),
      );
      expect(watched.sizes.length).toBeLessThanOrEqual(1 + 11);
      expect(answers.map((answer) => "failure" in answer).indexOf(true)).toBe(place + 1);
      expect(await written()).toHaveLength(32);
    }
  });

  it("keeps a value that cannot be bound to its own member", async () => {
    const watched = new Watched();
    const queue = new CommitQueue(watched.binding);
    const release = watched.hold();
    const good = [queue.commit(insert("a")), queue.commit(insert("b"))];
    const bad = queue.commit([{ sql: "select ?", params: [undefined] }]);
    good.push(queue.commit(insert("c")));
    await expect(bad).rejects.toThrow("D1_TYPE_ERROR");
    release();
    expect((await Promise.all(good)).every((answer) => "results" in answer)).toBe(true);
    expect(await written()).toEqual(["a", "b", "c"]);
  });
});

describe("a group of which nobody knows whether it was written", () => {
  const lost = new Error("D1_ERROR: Network connection lost.");

  it.each([
    ["it was", { after: lost }, 6],
    ["it was not", { before: lost }, 1],
  ])("is not sent again: %s", async (_, trouble, rows) => {
    const watched = new Watched();
    watched.fail = [{}, trouble];
    const [, ...others] = await crowd(watched, numbered(5));
    expect(watched.sizes).toEqual([2, 10]);
    expect(others.map(read)).toEqual(others.map(() => lost.message));
    expect(await written()).toHaveLength(rows);
  });

  it("does not keep the next ones", async () => {
    const watched = new Watched();
    watched.fail = [{ before: lost }];
    const [first, ...others] = await crowd(watched, numbered(40));
    expect(read(first)).toBe(lost.message);
    expect(others.every((answer) => "results" in answer)).toBe(true);
    expect(await new CommitQueue(watched.binding).commit(insert("z"))).toMatchObject({ alone: true });
  });

  it("concerns only its part, once a group was split", async () => {
    const watched = new Watched();
    watched.fail = [{}, {}, { before: lost }];
    const answers = await crowd(watched, [insert("a"), insert("b"), insert("first"), insert("c")]);
    expect(answers.slice(1).map(read)).toEqual([
      lost.message,
      lost.message,
      expect.stringContaining("UNIQUE"),
      [{ id: "c", value: 1 }],
    ]);
    expect(await written()).toEqual(["first", "c"]);
  });
});
