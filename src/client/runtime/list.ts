/** One page, for `await`; all items of this page and those after it, for `for await`. */
export type List<Page, Item> = Promise<Page> & AsyncIterable<Item>;

/**
 * Reads a list: the first page at once, the others when they are needed. `after` returns what leads from a page to the
 * next, a link or members of the query; null at the end.
 */
export function list<Page, Item, Asked extends object>(
  read: (query: Asked | undefined) => Promise<Page>,
  query: Asked | undefined,
  itemsOf: (page: Page) => readonly Item[],
  after: (page: Page) => string | object | null,
): List<Page, Item> {
  const first = read(query);
  async function* walk(): AsyncGenerator<Item, void, undefined> {
    for (let page = await first; ; ) {
      yield* itemsOf(page);
      const next = after(page);
      if (next === null) return;
      const position = typeof next === "string" ? Object.fromEntries(new URL(next).searchParams) : next;
      page = await read({ ...query, ...position } as Asked);
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: walk });
}
