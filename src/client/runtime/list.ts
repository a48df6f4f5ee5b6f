/** One page, for `await`; all items of this page and those after it, for `for await`. */
export type List<Page, Item> = Promise<Page> & AsyncIterable<Item>;

/** The members by which a page that was read by cursor tells of those after it. */
interface Onward {
  has_more: boolean;
  scanned_to?: string | undefined;
}

/**
 * Returns the cursor that leads on from a page, in the direction in which the query goes: behind its last item, or
 * before its first one if the query has `ending_before`. Null at the end.
 */
function cursorAfter({ has_more, scanned_to }: Onward, items: readonly unknown[], query: object = {}): object | null {
  if (!has_more) return null;
  const isBackwards = "ending_before" in query && query.ending_before !== undefined;
  const item = (isBackwards ? items[0] : items.at(-1)) as { id: string } | undefined;
  return { [isBackwards ? "ending_before" : "starting_after"]: scanned_to ?? item?.id };
}

/**
 * Reads a list: the first page at once, the others when they are needed. `after` returns what leads from a page to the
 * next: a link, members of the query, or what a page by cursor says; null at the end.
 */
export function list<Page, Item, Asked extends object>(
  read: (query: Asked | undefined) => Promise<Page>,
  query: Asked | undefined,
  itemsOf: (page: Page) => readonly Item[],
  after: (page: Page) => string | Onward | object | null,
): List<Page, Item> {
  const first = read(query);
  async function* walk(): AsyncGenerator<Item, void, undefined> {
    for (let page = await first; ; ) {
      const items = itemsOf(page);
      yield* items;
      const said = after(page);
      const next =
        said !== null && typeof said === "object" && "has_more" in said
          ? cursorAfter(said as Onward, items, query)
          : said;
      if (next === null) return;
      const position = typeof next === "string" ? Object.fromEntries(new URL(next).searchParams) : next;
      page = await read({ ...query, ...position } as Asked);
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: walk });
}
