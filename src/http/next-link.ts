import type { Scanned } from "../db/bounded-scan";
import type { CursorQuery } from "./page";

/**
 * Returns the address of the page on the far side of this one from its cursor; null if there is none. It begins where
 * this one ended: at its outermost row, or where the looking ended.
 */
export function nextLink<Row>(
  address: string,
  sent: CursorQuery,
  { rows, hasMore, reached }: Scanned<Row>,
  idOf: (row: Row) => string,
): string | null {
  const isBack = sent.ending_before !== undefined;
  const last = reached ?? rows.at(isBack ? 0 : -1);
  if (!hasMore || !last) return null;
  const url = new URL(address);
  url.searchParams.set(isBack ? "ending_before" : "starting_after", idOf(last));
  return url.href;
}

/** A sentence for the description of a list whose filters no index serves. */
export const mayEndEarly =
  "A filter that few match looks at a thousand rows a page: the page then has fewer than `limit`, even none, and `links.next` goes on where it ended.";
