import * as z from "zod";
import { canonicalId } from "../../domain/id";
import { forDescription } from "../described";
import { queryInteger, text } from "./fields";
import { envelope } from "./print-success";

/** The query that selects a part of a list. */
export const pageQuery = {
  starting_after: text()
    .transform(canonicalId)
    .optional()
    .meta({ description: "The id of the last one on the page before." }),
  limit: queryInteger(100).default(20),
};

/** `meta` and the links beside `self` of a page. */
export const pageMeta = forDescription(() => z.strictObject({ status_code: z.literal(200), has_more: z.boolean() }));
export const pageLinks = forDescription(() => ({ next: z.string().nullable() }));

/** Prints one page of rows that were read with `limit + 1`: the additional row shows that there is another page. */
export function envelopePage<Row, Printed>(
  found: readonly Row[],
  { limit, print, idOf }: { limit: number; print: (row: Row) => Printed; idOf: (row: Row) => string },
  request: Request,
) {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit;
  return envelope(
    {
      data: rows.map(print),
      meta: { status_code: 200, has_more: hasMore },
      links: { next: hasMore && last ? nextPage(request, idOf(last)) : null },
    },
    request,
  );
}

function nextPage(request: Request, after: string): string {
  const url = new URL(request.url);
  url.searchParams.set("starting_after", after);
  return url.href;
}
