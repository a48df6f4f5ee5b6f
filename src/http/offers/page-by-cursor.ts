import * as z from "zod";
import type { Part } from "../../db/cursor-page";
import { forDescription } from "../described";
import { nextLink } from "../next-link";
import { type CursorQuery, cursorPageOf, cursorUnknown, pageMembers, toPageMembers } from "../page";
import { ok, type Reply } from "../route";

/** Makes the schema of a page that was asked for by cursor. */
export const pageByCursorOf = forDescription(
  () =>
    <T extends z.ZodType>(item: T) =>
      z.strictObject({
        data: z.array(item),
        links: z.strictObject({ next: z.string().nullable() }),
        meta: z.strictObject({ limit: z.int(), ...pageMembers }),
      }),
);

/** How one row is printed, and the id by which a cursor names it. */
interface Printing<Row> {
  print: (row: Row) => unknown;
  idOf: (row: Row) => string;
}

/** Answers with a page, or refuses its cursor if there is none. */
export function answerByCursor<Row>(
  sent: CursorQuery,
  found: Part<Row> | undefined,
  { print, idOf }: Printing<Row>,
  { url }: Request,
): Reply {
  if (!found) return cursorUnknown(sent);
  return ok({
    data: found.rows.map(print),
    links: { next: nextLink(url, sent, found, idOf) },
    meta: { limit: cursorPageOf(sent).limit, ...toPageMembers(found) },
  });
}
