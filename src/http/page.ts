import * as z from "zod";
import { canonicalId } from "../domain/id";
import { ok } from "./route";

/** An id in a query, in whatever case. */
export const idQuery = z.string().max(64).transform(canonicalId);

/** How many a page has. */
const limitQuery = z
  .string()
  .refine((value) => /^[1-9]\d?$|^100$/.test(value), "must be an integer from 1 to 100")
  .transform(Number)
  .default(20)
  .meta({ override: { type: "integer", minimum: 1, maximum: 100, default: 20 } });

/** The query of a list that continues after the last row of the page before. */
export const pageQuery = {
  starting_after: idQuery.optional(),
  limit: limitQuery,
};

/** Makes the schema of one page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), has_more: z.boolean() });
}

/** Answers with rows that were read with `limit + 1`: the additional row shows that there is another page. */
export function answerPage<Row, Printed>(rows: readonly Row[], limit: number, print: (row: Row) => Printed) {
  return ok({ data: rows.slice(0, limit).map(print), has_more: rows.length > limit });
}
