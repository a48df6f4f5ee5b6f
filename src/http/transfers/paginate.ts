import * as z from "zod";
import type { Page } from "../../db/page";
import { forDescription } from "../described";

const sizeDefault = 20;
const sizeMax = 100;

/** Makes the query of a page: its number from 0, its size, and the order by the list's only property. */
export function pageQuery(property: string) {
  const latestFirst = `${property},desc`;
  const orders = [latestFirst, `${property},asc`, property];
  return {
    page: z
      .string()
      .refine((value) => /^\d{1,9}$/.test(value), "must be a whole number, from 0")
      .transform(Number)
      .default(0)
      .meta({ override: { type: "integer", minimum: 0, default: 0 } }),
    size: z
      .string()
      .refine((value) => /^[1-9]\d{0,2}$/.test(value) && Number(value) <= sizeMax, `must be from 1 to ${sizeMax}`)
      .transform(Number)
      .default(sizeDefault)
      .meta({ override: { type: "integer", minimum: 1, maximum: sizeMax, default: sizeDefault } }),
    // Some clients write directions in capitals.
    sort: z
      .string()
      .transform((value) => value.replace(/,(asc|desc)$/i, (direction) => direction.toLowerCase()))
      .pipe(z.enum(orders))
      .default(latestFirst)
      .meta({
        override: { type: "string", enum: orders, default: latestFirst },
        description: "Descending unless said otherwise; a property alone means ascending.",
      }),
  };
}

/** A page as the query names it. */
export interface PageQuery {
  page: number;
  size: number;
  sort: string;
}

/** Converts it for the database. */
export function rowsOf({ page, size, sort }: PageQuery): Page {
  return { limit: size, offset: page * size, order: sort.endsWith(",desc") ? "desc" : "asc" };
}

/** Makes the schema of a page. */
export const pageOf = forDescription(() => <T extends z.ZodType>(item: T) => {
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

/** Prints a page; one past the end is empty. */
export function toPage(content: readonly unknown[], total: number, query: PageQuery) {
  const { page, size } = query;
  const { offset, order } = rowsOf(query);
  const ascending = order === "asc";
  const [property] = query.sort.split(",");
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
