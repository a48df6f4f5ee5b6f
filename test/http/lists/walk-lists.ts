import { beforeAll, describe, expect, it } from "vitest";
import { type Chance, chance } from "../../e2e/kill/chance";
import { isFullSize } from "../../full-size";
import type { Answer } from "../../journey";
import { journey } from "../checked";
import type { ListCase, OpenList, Query, Row } from "./list-case";

const seed = Number(import.meta.env.LISTS_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How many combinations of filters are tried: some for the list, and some for each of its filters. */
const combinations = isFullSize ? { ofList: 6, ofFilter: 3 } : { ofList: 2, ofFilter: 1 };

/** The rows with which a list begins. */
const rowsAtFirst = 9;

/** Declares the tests of lists. The seed is printed: the same one makes the same rows and the same queries again. */
export function walkLists(cases: readonly ListCase[]): void {
  beforeAll(async () => {
    console.log(`lists: LISTS_SEED=${seed}`);
    await journey.reset();
  });
  describe.each(cases.map((one) => [one.operationId, one] as const))("%s", (_, list) => walkList(list));
}

function walkList(list: ListCase): void {
  const { ids, refused } = list;
  const [id = "id"] = ids;
  let random: Chance;
  let opened: OpenList;

  beforeAll(async () => {
    random = chance(seed);
    opened = await list.open(random);
    for (let count = 0; count < rowsAtFirst; count += 1) await opened.add(random);
  });

  const idsOf = (rows: readonly Row[]): string[] => rows.map((row) => row[id]);

  async function read(query: Query, ask = opened.ask): Promise<{ rows: Row[]; hasMore: boolean }> {
    const { status, body } = await ask(query);
    expect([status, JSON.stringify(body)]).toEqual([200, expect.any(String)]);
    return { rows: list.rowsOf(body), hasMore: list.hasMore(body) };
  }

  const all = async (query: Query = {}, ask = opened.ask) => (await read({ ...query, limit: "100" }, ask)).rows;

  /** Walks to the end, two rows a page unless said otherwise. `between` is called with what the last page showed. */
  async function walk(query: Query, between: (rows: Row[]) => Promise<unknown> = async () => {}): Promise<Row[]> {
    const seen: Row[] = [];
    for (let more = true, position: Query = {}; more; ) {
      const page = await read({ limit: "2", ...query, ...position });
      expect(page.rows.length).toBeLessThanOrEqual(Number(query.limit ?? 2));
      seen.push(...page.rows);
      position = { starting_after: page.rows.at(-1)?.[id] ?? position.starting_after ?? "" };
      more = page.hasMore;
      if (seen.length > 1_000) throw new Error("the walk does not end");
      await between(page.rows);
    }
    return seen;
  }

  it("shows each row that was there once, newest or oldest first, while others come and go", async () => {
    const { query = {}, take } = opened.leaving ?? {};
    for (const order of ["desc", "asc"]) {
      while ((await all(query)).length < 4) await opened.add(random);
      const there = await all({ ...query, order });
      let added = 0;
      const seen = await walk({ ...query, order }, async (rows) => {
        if (added < 6) await opened.add(random);
        added += 1;
        const last = rows.at(-1);
        // The row that the next cursor names stays at times, and would be seen again by a page that begins with it.
        if (take && last && added % 2 === 1) await take(last);
      });
      const wasThere = new Set(idsOf(there));
      expect(idsOf(seen).filter((one) => wasThere.has(one))).toEqual(idsOf(there));
      expect(new Set(idsOf(seen)).size).toBe(seen.length);
    }
  });

  it("goes back in pages of the same order", async () => {
    for (const order of ["desc", "asc"]) {
      const rows = await all({ order });
      const pages: Row[][] = [];
      for (let first = rows.at(-1), more = true; first && more; ) {
        const page = await read({ order, limit: "2", ending_before: first[id] });
        pages.unshift(page.rows);
        [first] = page.rows;
        more = page.hasMore;
      }
      expect(idsOf(pages.flat())).toEqual(idsOf(rows.slice(0, -1)));
    }
    const newestFirst = idsOf(await all());
    expect(idsOf(await all({ order: "desc" }))).toEqual(newestFirst);
    expect(idsOf(await all({ order: "asc" }))).toEqual(newestFirst.toReversed());
  });

  it("takes ids in any case, and either member that names a row", async () => {
    const rows = await all();
    const [, second] = rows;
    for (const cursor of ids.flatMap((name) => [
      second?.[name],
      second?.[name].toUpperCase(),
      second?.[name].toLowerCase(),
    ])) {
      if (/^[a-z]+_/i.test(cursor) && cursor !== second?.[id]) continue; // Stripe's ids have a case
      expect(idsOf(await all({ starting_after: cursor }))).toEqual(idsOf(rows.slice(2)));
    }
  });

  it("refuses both cursors, a limit that is none, and a row that is not the owner's, each by its name", async () => {
    const [first] = await all();
    const [foreign] = opened.askElsewhere ? await all({}, opened.askElsewhere) : [];
    const unknown = "01a1f91e-f699-84f8-8dd3-bd4d5efaa050";
    const wrong: [string, Query][] = [
      ["ending_before", { starting_after: first?.[id], ending_before: first?.[id] }],
      ...["0", "101", "2.5", "x", "-1", "1e1"].map((limit): [string, Query] => ["limit", { limit }]),
      ["order", { order: "newest" }],
      ...["starting_after", "ending_before"].flatMap((name) =>
        [unknown, "x", ...ids.map((member) => foreign?.[member] ?? unknown)].map((cursor): [string, Query] => [
          name,
          { [name]: cursor },
        ]),
      ),
    ];
    for (const [name, query] of wrong) {
      const { status, body } = await opened.ask(query);
      expect([status, query]).toEqual([refused, query]);
      expect(namedIn(body), JSON.stringify(query)).toContain(name);
    }
  });

  it("is filtered as a plain computation says", async () => {
    const everything = await all();
    const names = Object.keys(list.filters);
    for (let count = 0; count < combinations.ofList + combinations.ofFilter * names.length; count += 1) {
      const chosen = names.filter(() => random.often(1.5 / names.length));
      const filters = Object.fromEntries(
        chosen.map((name) => [name, list.filters[name]?.choose(everything, random) ?? ""]),
      );
      const expected = everything.filter((row) =>
        chosen.every((name) => list.filters[name]?.matches(row, filters[name] ?? "")),
      );
      const order = random.often(0.5) ? "asc" : "desc";
      const inOrder = order === "asc" ? expected.toReversed() : expected;
      const found = count % 2 === 0 ? await all({ ...filters, order }) : await walk({ ...filters, order, limit: "4" });
      expect(idsOf(found), JSON.stringify(filters)).toEqual(idsOf(inOrder));
    }
  });

  it("shows nothing of anybody else's", async () => {
    if (!opened.askElsewhere) return;
    const [mine, theirs] = [idsOf(await all()), idsOf(await all({}, opened.askElsewhere))];
    expect(theirs.length).toBeGreaterThan(0);
    expect(mine.filter((one) => theirs.includes(one))).toEqual([]);
  });
}

/** Returns the names that a refusal says something about, in whatever dialect. */
function namedIn(body: Answer["body"]): string[] {
  const errors = body.errors ?? body.details?.errors;
  return Array.isArray(errors) ? errors.map((line: string) => `${line.split(" ")[0]}`) : Object.keys(errors ?? {});
}
