import * as z from "zod";
import type { Scanned } from "../../db/bounded-scan";
import { type CursorQuery, cursorUnknown } from "../page";
import { ok, type Reply } from "../route";
import { envelope } from "./print-success";

/** `meta` and the links beside `self` of a page. */
export const pageMeta = z.strictObject({ status_code: z.literal(200), has_more: z.boolean() });
export const pageLinks = { next: z.string().nullable() };

/** A sentence for the description of a list whose filters no index serves. */
export const mayEndEarly =
  "A filter that few match looks at a thousand rows a page: the page then has fewer than `limit`, even none, and `links.next` goes on where it ended.";

/** How one row is printed, and the id by which a cursor names it. */
export interface Printing<Row> {
  print: (row: Row) => unknown;
  idOf: (row: Row) => string;
}

/** Prints one page, or refuses its cursor if there is none. */
export function answerEnvelope<Row>(
  sent: CursorQuery,
  found: Scanned<Row> | undefined,
  { print, idOf }: Printing<Row>,
  request: Request,
): Reply {
  if (!found) return cursorUnknown(sent);
  return ok(
    envelope(
      {
        data: found.rows.map(print),
        meta: { status_code: 200, has_more: found.hasMore },
        links: { next: nextLink(request.url, sent, found, idOf) },
      },
      request,
    ),
  );
}

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
