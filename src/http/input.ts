import * as z from "zod";
import { madeOnce } from "../domain/made-once";
import { type Body, readJson, readJsonOrForm, readText } from "./body";
import type { Issue, NamedErrorResponse } from "./dialect";
import { blank, isBlank } from "./exact-json";
import { issueOf, sentTwice, shownName } from "./json-structure";
import { strictly } from "./strictly";

/** The input in the form of its schema, with the length of a body, or the reason for which it is invalid. */
export type Input<T> =
  | { ok: true; value: T; raw: string; bytes: number }
  | Extract<Body<unknown>, { ok: false }>
  | { ok: false; answer: NamedErrorResponse };

/**
 * How to read a body: its forbidden content, whether it may be a form, whether numbers with an exponent stay texts, and
 * how long it may be.
 */
interface Reading {
  inspect?: ((body: unknown) => readonly Issue[]) | undefined;
  formToo?: boolean | undefined;
  keepsExponents: boolean;
  limitBytes: number;
}

/**
 * Parses the body by its schema; without a schema it must have no members. Findings of `inspect` come before all
 * others.
 */
export async function readInput<T>(
  schema: z.ZodType<T> | undefined,
  request: Request,
  { inspect, formToo, ...how }: Reading,
): Promise<Input<T>> {
  const read = formToo ? await readJsonOrForm(request, how, namesOf(schema)) : await readJson(request, how);
  if (!read.ok) return read;
  const { bytes } = read;
  const found = inspect?.(read.value) ?? [];
  if (found.length > 0) return { ok: false, issues: found };
  const parsed = parseStrictly(schema ?? (noMembers() as unknown as z.ZodType<T>), read.value);
  if (!parsed.ok) return parsed;
  return { ...parsed, value: schema ? parsed.value : (undefined as T), bytes };
}

function namesOf(schema: z.ZodType | undefined): ReadonlySet<string> {
  return new Set(schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
}

const noMembers = madeOnce(() => z.strictObject({}));

/** Reads the body unparsed. */
export async function readRawInput<T>(limitBytes: number, request: Request): Promise<Input<T>> {
  const read = await readText(request, limitBytes);
  return read.ok ? { ...read, value: undefined as T, raw: read.value } : read;
}

/** Parses the names in the path by their schema. */
export function readNames<T>(schema: z.ZodType<T> | undefined, names: Record<string, string>): Input<T> {
  return schema ? parse(schema, names) : { ok: true, value: undefined as T, raw: "", bytes: 0 };
}

/** Parses the query by its schema; without one there must be none. Each parameter is sent once, and with a value. */
export function readQuery<T>(schema: z.ZodType<T> | undefined, url: string): Input<T> {
  const { searchParams } = new URL(url);
  const twice = [...searchParams.keys()].find((name) => searchParams.getAll(name).length > 1);
  if (twice !== undefined) return { ok: false, issues: [issueOf(twice, sentTwice)] };
  const sent = [...searchParams].map(([name, value]) => [name, isBlank(value) ? blank : value]);
  return parseStrictly(schema ?? (noMembers() as unknown as z.ZodType<T>), Object.fromEntries(sent));
}

const strict = new WeakMap<z.ZodType, z.ZodType>();

/** Parses by the strict form of a schema, which is made at its first use. */
function parseStrictly<T>(schema: z.ZodType<T>, value: unknown): Input<T> {
  const made = strict.get(schema) ?? strictly(schema);
  strict.set(schema, made);
  return parse(made as z.ZodType<T>, value);
}

/**
 * Parses a value by a schema. Each problem keeps its input, which distinguishes "required" from "of the wrong type".
 */
function parse<T>(schema: z.ZodType<T>, value: unknown): Input<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data, raw: "", bytes: 0 };
  return { ok: false, issues: parsed.error.issues.flatMap(eachMember) };
}

/** Makes one problem of each unknown member. */
function eachMember(issue: Issue): Issue[] {
  if (issue.code !== "unrecognized_keys") return [issue];
  return issue.keys.map((name) => ({ ...issue, path: [...issue.path, shownName(name)] }));
}
