import type * as z from "zod";
import { type Body, readJson, readJsonOrForm, readText } from "./body";
import type { Issue, NamedAnswer } from "./dialect";

/** What was sent, as the contract declares it, or why it is not. */
export type Input<T> =
  | { ok: true; value: T; raw: string }
  | { ok: false; fault: Exclude<Body<unknown>, { ok: true }>["fault"] }
  | { ok: false; issues: readonly Issue[] }
  | { ok: false; answer: NamedAnswer };

/** How a body is read: what must not be in it, whether it may be a form, and whether exponents are told from digits. */
interface Reading {
  inspect?: ((body: unknown) => readonly Issue[]) | undefined;
  formToo?: boolean | undefined;
  keepsExponents: boolean;
}

/**
 * Parses the body by its schema. A route without one ignores what is sent, but does not swallow without limit. What
 * `inspect` finds is told before anything else.
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
    const isTooLarge = !read.ok && read.fault === "body_too_large";
    return isTooLarge ? read : { ok: true, value: undefined as T, raw: "" };
  }
  return read.ok ? parse(schema, read.value) : read;
}

/** Takes the body as it is. */
export async function readRawInput<T>(limitBytes: number, request: Request): Promise<Input<T>> {
  const read = await readText(request, limitBytes);
  return read.ok ? { ok: true, value: undefined as T, raw: read.value } : read;
}

/** Parses the query, or the names in the path, by their schema. */
export function readNames<T>(schema: z.ZodType<T> | undefined, names: Record<string, string>): Input<T> {
  return schema ? parse(schema, names) : { ok: true, value: undefined as T, raw: "" };
}

/** The input stays with each problem: "required" and "of the wrong type" differ by it. */
function parse<T>(schema: z.ZodType<T>, value: unknown): Input<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? { ok: true, value: parsed.data, raw: "" } : { ok: false, issues: parsed.error.issues };
}
