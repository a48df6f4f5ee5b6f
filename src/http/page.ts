import * as z from "zod";
import { ok } from "./route";

/** The query of a list that continues after the last row of the page before. */
export const pageQuery = {
  starting_after: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
};

/** Makes the schema of one page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), has_more: z.boolean() });
}

/** Answers with rows that were read with `limit + 1`: the additional row shows that there is another page. */
export function answerPage<Row, Printed>(rows: readonly Row[], limit: number, print: (row: Row) => Printed) {
  return ok({ data: rows.slice(0, limit).map(print), has_more: rows.length > limit });
}
