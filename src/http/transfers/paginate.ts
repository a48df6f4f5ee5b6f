import * as z from "zod";
import type { CreatedRange, Part } from "../../db/cursor-page";
import type { Page } from "../../db/page";
import { madeOnce } from "../../domain/made-once";
import { forDescription } from "../described";
import { instantQuery } from "../instant-query";
import { pageMembers, toPageMembers } from "../page";

const sizeDefault = 20;
const sizeMax = 100;

/** The members of such a query, which go without a cursor. */
export const ofPage = ["page", "size", "sort"] as const;

/** Makes the query of a page: its number from 0, its size, and the order by the list's only property. */
export function pageQuery(property: string) {
  const latestFirst = `${property},desc`;
  const orders = [latestFirst, `${property},asc`, property];
  return {
    page: z
      .string()
      .refine((value) => /^\d{1,9}$/.test(value), "must be a whole number, from 0")
      .transform(Number)
      .optional()
      .meta(forDescription(() => ({ override: { type: "integer", minimum: 0, default: 0 } }))),
    size: z
      .string()
      .refine((value) => /^[1-9]\d{0,2}$/.test(value) && Number(value) <= sizeMax, `must be from 1 to ${sizeMax}`)
      .transform(Number)
      .optional()
      .meta(
        forDescription(() => ({ override: { type: "integer", minimum: 1, maximum: sizeMax, default: sizeDefault } })),
      ),
    // Some clients write directions in capitals.
    sort: z
      .string()
      .transform((value) => value.replace(/,(asc|desc)$/i, (direction) => direction.toLowerCase()))
      .pipe(z.enum(orders))
      .optional()
      .meta(
        forDescription(() => ({
          override: { type: "string", enum: orders, default: latestFirst },
          description: "Descending unless said otherwise; a property alone means ascending.",
        })),
      ),
  };
}

/** The filter of a list by the time of its rows, converted by `createdRangeOf`. */
export const timeQuery = madeOnce(() => ({
  from: instantQuery()
    .optional()
    .meta(forDescription(() => ({ description: "From this moment or day on, it included." }))),
  to: instantQuery()
    .optional()
    .meta(forDescription(() => ({ description: "Until before this moment or day." }))),
}));

/** Converts it for the database. */
export function createdRangeOf({ from, to }: { from?: number | undefined; to?: number | undefined }): CreatedRange {
  return { createdAfterMs: from, createdBeforeMs: to };
}

/** A page as the query names it. */
export interface PageQuery {
  page?: number | undefined;
  size?: number | undefined;
  sort?: string | undefined;
}

/** Converts it for the database. */
export function rowsOf({ page = 0, size = sizeDefault, sort }: PageQuery): Page {
  const isAscending = sort !== undefined && !sort.endsWith(",desc");
  return { limit: size, offset: page * size, order: isAscending ? "asc" : "desc" };
}

/** Makes the schema of a page. */
const pageOf = forDescription(() => <T extends z.ZodType>(item: T) => {
  const sort = z.array(
    z.strictObject({
      direction: z.enum(["ASC", "DESC"]),
      nullHandling: z.literal("NATIVE"),
      ascending: z.boolean(),
      property: z.string(),
      ignoreCase: z.literal(false),
    }),
  );
  return z.strictObject({
    totalElements: z.int(),
    totalPages: z.int(),
    first: z.boolean(),
    last: z.boolean(),
    size: z.int(),
    content: z.array(item),
    number: z.int(),
    sort,
    numberOfElements: z.int(),
    pageable: z.strictObject({
      offset: z.int(),
      sort,
      paged: z.literal(true),
      unpaged: z.literal(false),
      pageNumber: z.int(),
      pageSize: z.int(),
    }),
    empty: z.boolean(),
  });
});

/** Makes the schema of a list: a page by its number, or one by a cursor, with the rows in the same place. */
export const listOf = forDescription(
  () =>
    <T extends z.ZodType>(item: T) =>
      z.union([pageOf(item), z.strictObject({ content: z.array(item), ...pageMembers })]),
);

/** Prints a page by its number; one past the end is empty. */
export function toPage(content: readonly unknown[], total: number, query: PageQuery, property: string) {
  const { limit: size, offset, order } = rowsOf(query);
  const page = offset / size;
  const ascending = order === "asc";
  const direction = ascending ? "ASC" : "DESC";
  const sort = [{ direction, nullHandling: "NATIVE", ascending, property, ignoreCase: false }];
  const totalPages = Math.ceil(total / size);
  return {
    totalElements: total,
    totalPages,
    first: page === 0,
    last: page + 1 >= totalPages,
    size,
    content,
    number: page,
    sort,
    numberOfElements: content.length,
    pageable: { offset, sort, paged: true, unpaged: false, pageNumber: page, pageSize: size },
    empty: content.length === 0,
  };
}

/** Prints a page by a cursor. */
export function toCursorPage<Row>(part: Part<Row>, print: (row: Row) => unknown) {
  return { content: part.rows.map(print), ...toPageMembers(part) };
}
