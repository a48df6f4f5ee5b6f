import { type RefusalOf, type RefusalTable, refusalsOf } from "../domain/refusal";
import type { ErrorResponse } from "./dialect";

/**
 * Words the refusals of other contracts, which no operation behind this contract adapter returns: if one arrives, it is
 * our request error, and its name is for the log alone.
 */
export function foreignRefusals<T extends RefusalTable>(tables: readonly T[], failed: ErrorResponse) {
  const answer = { code: "failed", ...failed };
  return Object.fromEntries(refusalsOf(tables).map((name) => [name, answer])) as Record<RefusalOf<T>, ErrorResponse>;
}
