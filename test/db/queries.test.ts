/// <reference path="../../node_modules/vite/types/importMeta.d.ts" />
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyCost } from "../../src/cost";
import { type Database, openDatabase, type Statement } from "../../src/db/database";
import { isFullSize } from "../full-size";
import { scansIn } from "../operations/plans";
import { fillEveryTable } from "./many-rows";
import type { NamedQuery } from "./named-query";
import { namedQueries } from "./queries";

const sources = import.meta.glob<string>("../../src/db/**/*.ts", { query: "?raw", import: "default", eager: true });

/** Functions that only insert the given rows, are a part of another query, or select what is in the table. */
const plain =
  /^(?:insert(?!Positions|Batch)|readAt$|readPage$|pageById$|lookThrough$|readLooked$|raise|save|noteStripeObject|store|previousSecretUntil$|writeAttempt$|write$|commit$|checkInvariants$)/;

/** Names of the exported functions of `src/db` whose first argument is the database. */
function declared(): string[] {
  const names = Object.values(sources).flatMap((source) =>
    [...source.matchAll(/^export (?:async )?function (\w+)(?:<[^(]*>)?\(\s*db: Database/gm)].map(
      ([, name]) => `${name}`,
    ),
  );
  return [...new Set(names)].filter((name) => !plain.test(name)).toSorted();
}

/** The rows of each table: a thousand, or ten thousand where TEST_SIZE is `full`, which prints what was read. */
const rowsMany = isFullSize ? 10_000 : 1_000;

/** The rows that each case read: with ten rows in every table, and with many. */
const costs = new Map<NamedQuery, number[]>();

beforeAll(async () => {
  await fillEveryTable(0, 10);
  await measure();
  await fillEveryTable(11, rowsMany);
  await measure();
});

afterAll(() => {
  if (!isFullSize) return;
  const lines = [...costs].map(([{ name, grows = "" }, [few = 0, many = 0]]) => {
    const counts = [few, many].map((count) => count.toLocaleString("en").padStart(10)).join("");
    return `${name.padEnd(36)}${counts}  ${grows}`;
  });
  console.info(`Rows read among 10 and ${rowsMany} rows in every table\n${lines.join("\n")}`);
});

async function measure(): Promise<void> {
  for (const query of namedQueries) costs.set(query, [...(costs.get(query) ?? []), await rowsReadBy(query)]);
}

/** Runs a query that only reads; a write is planned, and counts the rows that its plan reads. */
async function rowsReadBy({ ask }: NamedQuery): Promise<number> {
  const cost = emptyCost();
  const db = openDatabase(readingOnly(), cost);
  const [first, ...rest] = await statementsOf(ask(db));
  if (first) await db.batch([first, ...rest]);
  return cost.rowsRead;
}

/** Returns a database that answers writes without doing them. */
function readingOnly(): D1Database {
  const nothing = { results: [], success: true, meta: { rows_read: 0, rows_written: 0 } };
  const isRead = new WeakMap<D1PreparedStatement, boolean>();
  return {
    prepare(query: string) {
      const statement = env.DB.prepare(query);
      const bind = statement.bind.bind(statement);
      statement.bind = (...values: unknown[]) => {
        const bound = bind(...values);
        isRead.set(bound, /^\s*select/i.test(query));
        return bound;
      };
      return statement;
    },
    async batch(statements: D1PreparedStatement[]) {
      const reads = statements.filter((one) => isRead.get(one));
      const answers = reads.length > 0 ? await env.DB.batch(reads) : [];
      return statements.map((one) => (isRead.get(one) ? answers.shift() : nothing));
    },
  } as unknown as D1Database;
}

/** Returns the statements of a query; none if it asks the database itself. */
async function statementsOf(asked: ReturnType<NamedQuery["ask"]>): Promise<readonly Statement[]> {
  if (asked instanceof Promise) {
    await asked;
    return [];
  }
  return Array.isArray(asked) ? asked : [asked as Statement];
}

/** Returns the steps of everything that a query asks, without doing it. */
async function planOf({ ask }: NamedQuery): Promise<string[]> {
  const asked: Promise<D1Result<{ detail: string }>>[] = [];
  const planning = {
    prepare: (query: string) => ({
      bind: (...values: unknown[]) => {
        asked.push(
          env.DB.prepare(`explain query plan ${query}`)
            .bind(...values)
            .all<{ detail: string }>(),
        );
        return {};
      },
    }),
    batch: async (statements: unknown[]) =>
      statements.map(() => ({ results: [], success: true, meta: { rows_read: 0, rows_written: 0 } })),
  };
  const db: Database = openDatabase(planning as unknown as D1Database, emptyCost());
  const [first, ...rest] = await statementsOf(ask(db));
  if (first) await db.batch([first, ...rest]);
  return (await Promise.all(asked)).flatMap(({ results }) => results.map(({ detail }) => detail));
}

/** Returns the index that a step scans, or the table. */
function walkedBy(step: string): string {
  const [, table = step, index] = /^SCAN (\S+)(?: USING (?:COVERING )?INDEX (\S+))?/.exec(step) ?? [];
  return index ?? table;
}

it("names every query of src/db", () => {
  const named = [...new Set(namedQueries.map(({ name }) => name))].toSorted();
  expect(named).toEqual(declared());
});

describe.each(namedQueries.map((query, index) => [`${query.name} (${index})`, query] as const))("%s", (_, query) => {
  it("walks no table but those that it may", async () => {
    const walked = scansIn(await planOf(query)).map(walkedBy);
    expect(walked.filter((table) => !query.walks?.[table])).toEqual([]);
    expect(Object.keys(query.walks ?? {}).filter((table) => !walked.includes(table))).toEqual([]);
  });

  it("reads no more among many rows than among ten, unless it must", () => {
    const [few = 0, many = 0] = costs.get(query) ?? [];
    if (query.grows === undefined) expect(many).toBeLessThanOrEqual(few);
    else expect(many).toBeGreaterThan(few);
  });
});
