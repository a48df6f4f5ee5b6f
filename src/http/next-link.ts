import type { Part } from "../db/cursor-page";
import type { CursorQuery } from "./page";

/**
 * Returns the address of the page on the far side of this one from its cursor; null if there is none. It begins where
 * this one ended: at its outermost row, or where the looking ended.
 */
export function nextLink<Row>(
  address: string,
  sent: CursorQuery,
  { rows, hasMore, scannedTo }: Part<Row>,
  idOf: (row: Row) => string,
): string | null {
  const isBack = sent.ending_before !== undefined;
  const last = rows.at(isBack ? 0 : -1);
  const id = scannedTo ?? (last && idOf(last));
  if (!hasMore || id === undefined) return null;
  const url = new URL(address);
  url.searchParams.set(isBack ? "ending_before" : "starting_after", id);
  return url.href;
}
