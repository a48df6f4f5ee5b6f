import { type RefusalOf, type RefusalTable, refusalsOf } from "../domain/refusal";
import type { ErrorResponse, NamedErrorResponse } from "./dialect";

/**
 * Words the refusals of other contracts, which no operation behind this contract adapter returns. If one arrives, it is
 * our own mistake: the caller gets the answer `failed`, and only the log shows the refusal's name.
 */
export function foreignRefusals<T extends RefusalTable>(tables: readonly T[], failed: ErrorResponse) {
  const answer = { code: "failed", ...failed };
  const named = refusalsOf(tables).map((name) => [name, answer]);
  return Object.fromEntries(named) as Record<RefusalOf<T>, NamedErrorResponse>;
}
