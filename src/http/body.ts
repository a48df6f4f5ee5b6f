import type { Issue } from "./dialect";
import { parseBody } from "./exact-json";
import { findWrongStructure, issueOf, sentTwice } from "./json-structure";

/** The result of reading a body. A request error is answered only after the caller and the object are known. */
export type Body<T> =
  | Bytes<T>
  | { ok: false; requestError: "media_type_wrong" | "body_malformed" }
  | { ok: false; issues: readonly Issue[] };

/** The same before anything was parsed. */
type Bytes<T> = { ok: true; value: T } | { ok: false; requestError: "body_too_large" | "body_encoded" };

/** The limit of every route but the webhook's: a request of the contracts has less than four kilobytes. */
const bodyLimitBytes = 64 * 1024;

const jsonPattern = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Reads a JSON object. A missing body counts as an empty one, so that the missing fields are named. */
export async function readJson(request: Request, keepsExponents: boolean): Promise<Body<unknown>> {
  const read = await readBytes(request, bodyLimitBytes);
  if (!read.ok) return read;
  if (read.value.length === 0) return { ok: true, value: {} };
  if (!jsonPattern.test(request.headers.get("Content-Type") ?? ""))
    return { ok: false, requestError: "media_type_wrong" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(read.value);
    if (!/^\s*\{/.test(text)) return { ok: false, requestError: "body_malformed" };
    const wrong = findWrongStructure(text);
    if (wrong) return { ok: false, issues: [wrong] };
    return { ok: true, value: parseBody(text, { keepsExponents }) };
  } catch {
    return { ok: false, requestError: "body_malformed" };
  }
}

const formPattern = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/**
 * Reads a JSON object or a form, and the query beside it, after RFC 6749 3.2: a parameter without a value counts as left
 * out, one that nobody knows is ignored, and one that is known is sent once. A JSON object keeps all its members.
 */
export async function readJsonOrForm(
  request: Request,
  keepsExponents: boolean,
  known: ReadonlySet<string>,
): Promise<Body<unknown>> {
  const isForm = formPattern.test(request.headers.get("Content-Type") ?? "");
  const read = isForm ? await readText(request, bodyLimitBytes) : await readJson(request, keepsExponents);
  if (!read.ok) return read;
  const parametersOf = (sent: URLSearchParams) => [...sent].filter(([name, value]) => value !== "" && known.has(name));
  const inBody =
    typeof read.value === "string"
      ? parametersOf(new URLSearchParams(read.value))
      : Object.entries(read.value as object);
  const members = [...parametersOf(new URL(request.url).searchParams), ...inBody];
  const names = members.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { ok: false, issues: [issueOf(twice, sentTwice)] };
  return { ok: true, value: Object.fromEntries(members) };
}

/** Reads a body unparsed, for a signature over its bytes. */
export async function readText(request: Request, limitBytes: number): Promise<Bytes<string>> {
  const read = await readBytes(request, limitBytes);
  if (!read.ok) return read;
  return { ok: true, value: new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(read.value) };
}

/** Reads a body and stops at the limit, whatever the request says about its length. A compressed one is not read. */
async function readBytes(request: Request, limitBytes: number): Promise<Bytes<Uint8Array>> {
  const tooLarge = { ok: false, requestError: "body_too_large" } as const;
  if ((request.headers.get("Content-Encoding") ?? "identity") !== "identity")
    return { ok: false, requestError: "body_encoded" };
  if (Number(request.headers.get("Content-Length") ?? 0) > limitBytes) return tooLarge;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limitBytes) return tooLarge;
    chunks.push(chunk);
  }
  return { ok: true, value: Buffer.concat(chunks) };
}
