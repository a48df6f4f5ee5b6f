import * as z from "zod";

/** Wraps a schema in the contract's envelope of successes. */
export function data<T extends z.ZodType>(schema: T) {
  return z.strictObject({ data: schema });
}
