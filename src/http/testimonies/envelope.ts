import * as z from "zod";

/** Wraps a schema as every success of the contract is wrapped. */
export function data<T extends z.ZodType>(schema: T) {
  return z.strictObject({ data: schema });
}
