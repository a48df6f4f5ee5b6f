import type { Refusal } from "./refusal";

/** What an operation answers: a value, or a refusal with an optional detail for the log and the timeline. Plain data, so that it travels over RPC and into the idempotency row. */
export type Result<T> = { ok: true; value: T } | Refused;

/** A refusal by name. `detail` says more in words, `facts` in members that a dialect may show. */
export interface Refused {
  ok: false;
  refusal: Refusal;
  detail?: string;
  facts?: Record<string, unknown>;
}

/** An accepted command that has nothing to tell. */
export const done: Result<null> = { ok: true, value: null };

/** Wraps a value. */
export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Names why a command was refused. Refusals are values; exceptions are bugs or broken foreign parts. */
export function refuse(refusal: Refusal, detail?: string, facts?: Record<string, unknown>): Refused {
  return { ok: false, refusal, ...(detail === undefined ? {} : { detail }), ...(facts ? { facts } : {}) };
}
