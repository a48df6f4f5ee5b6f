import * as z from "zod";
import type { Part } from "../../db/cursor-page";
import { forDescription } from "../described";
import { nextLink } from "../next-link";
import { type CursorQuery, cursorUnknown, pageMembers, toPageMembers } from "../page";
import { ok, type Reply } from "../route";
import { envelope } from "./print-success";

/** `meta` and the links beside `self` of a page. */
export const pageMeta = forDescription(() => z.strictObject({ status_code: z.literal(200), ...pageMembers }));
export const pageLinks = forDescription(() => ({ next: z.string().nullable() }));

/** How one row is printed, and the id by which a cursor names it. */
export interface Printing<Row> {
  print: (row: Row) => unknown;
  idOf: (row: Row) => string;
}

/** Prints one page, or refuses its cursor if there is none. */
export function answerEnvelope<Row>(
  sent: CursorQuery,
  found: Part<Row> | undefined,
  { print, idOf }: Printing<Row>,
  request: Request,
): Reply {
  if (!found) return cursorUnknown(sent);
  return ok(
    envelope(
      {
        data: found.rows.map(print),
        meta: { status_code: 200, ...toPageMembers(found) },
        links: { next: nextLink(request.url, sent, found, idOf) },
      },
      request,
    ),
  );
}
