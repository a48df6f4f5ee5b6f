import * as z from "zod";
import { canonicalId } from "../../domain/id";

/** An id in a query, in whatever case. */
export const idQuery = z.string().max(64).transform(canonicalId);

/** How many a page has. */
export const limitQuery = z
  .string()
  .refine((value) => /^[1-9]\d?$|^100$/.test(value), "must be an integer from 1 to 100")
  .transform(Number)
  .default(20)
  .meta({ override: { type: "integer", minimum: 1, maximum: 100, default: 20 } });
