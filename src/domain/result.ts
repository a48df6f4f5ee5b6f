import type { Refusal } from "./refusal";

/**
 * The result of an operation: a value, or a refusal. It is plain data, so that it can travel over RPC and be stored in
 * the idempotency row.
 */
export type Result<T> = { ok: true; value: T } | Refused;

/**
 * A refusal by name. `detail` explains it in words for the log and the timeline; `facts` are members that a contract's
 * answer may show.
 */
export interface Refused {
  ok: false;
  refusal: Refusal;
  detail?: string;
  facts?: Record<string, unknown>;
}

/** The result of a command that returns no value. */
export const done: Result<null> = { ok: true, value: null };

/** Wraps a value as a successful result. */
export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Makes a refusal. Refusals are values; exceptions are bugs or failures of foreign systems. */
export function refuse(refusal: Refusal, detail?: string, facts?: Record<string, unknown>): Refused {
  return { ok: false, refusal, ...(detail === undefined ? {} : { detail }), ...(facts ? { facts } : {}) };
}
