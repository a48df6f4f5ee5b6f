import type * as z from "zod";
import { type Body, readJson, readJsonOrForm, readText } from "./body";
import type { Issue, NamedErrorResponse } from "./dialect";

/** The input in the form of its schema, or the reason for which it is invalid. */
export type Input<T> =
  | { ok: true; value: T; raw: string }
  | { ok: false; requestError: Exclude<Body<unknown>, { ok: true }>["requestError"] }
  | { ok: false; issues: readonly Issue[] }
  | { ok: false; answer: NamedErrorResponse };

/**
 * How to read a body: its forbidden content, whether it may be a form, and whether numbers with an exponent stay texts.
 */
interface Reading {
  inspect?: ((body: unknown) => readonly Issue[]) | undefined;
  formToo?: boolean | undefined;
  keepsExponents: boolean;
}

/**
 * Parses the body by its schema. A route without a schema ignores the body, but does not read without limit. Findings
 * of `inspect` come before all others.
 */
export async function readInput<T>(
  schema: z.ZodType<T> | undefined,
  request: Request,
  { inspect, formToo, keepsExponents }: Reading,
): Promise<Input<T>> {
  const read = await (formToo ? readJsonOrForm : readJson)(request, keepsExponents);
  const found = read.ok ? (inspect?.(read.value) ?? []) : [];
  if (found.length > 0) return { ok: false, issues: found };
  if (!schema) {
    const isTooLarge = !read.ok && read.requestError === "body_too_large";
    return isTooLarge ? read : { ok: true, value: undefined as T, raw: "" };
  }
  return read.ok ? parse(schema, read.value) : read;
}

/** Reads the body unparsed. */
export async function readRawInput<T>(limitBytes: number, request: Request): Promise<Input<T>> {
  const read = await readText(request, limitBytes);
  return read.ok ? { ok: true, value: undefined as T, raw: read.value } : read;
}

/** Parses the query, or the names in the path, by their schema. */
export function readNames<T>(schema: z.ZodType<T> | undefined, names: Record<string, string>): Input<T> {
  return schema ? parse(schema, names) : { ok: true, value: undefined as T, raw: "" };
}

/**
 * Parses a value by a schema. Each problem keeps its input, which distinguishes "required" from "of the wrong type".
 */
function parse<T>(schema: z.ZodType<T>, value: unknown): Input<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? { ok: true, value: parsed.data, raw: "" } : { ok: false, issues: parsed.error.issues };
}
