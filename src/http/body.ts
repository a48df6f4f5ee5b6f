import type { Issue } from "./dialect";
import { parseBody } from "./exact-json";
import { findWrongStructure, issueOf, sentTwice } from "./json-structure";

/** The result of reading a body. A request error is answered only after the caller and the object are known. */
export type Body<T> =
  | Read<T>
  | { ok: false; requestError: "media_type_wrong" | "body_malformed" }
  | { ok: false; issues: readonly Issue[] };

/** The same before anything was parsed; `bytes` is the length that it was sent in. */
type Read<T> = { ok: true; value: T; bytes: number } | { ok: false; requestError: "body_too_large" | "body_encoded" };

const jsonPattern = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Reads a JSON object. A missing body counts as an empty one, so that the missing fields are named. */
export async function readJson(
  request: Request,
  { keepsExponents, limitBytes }: { keepsExponents: boolean; limitBytes: number },
): Promise<Body<unknown>> {
  const read = await readBytes(request, limitBytes);
  if (!read.ok) return read;
  const { bytes } = read;
  if (bytes === 0) return { ok: true, value: {}, bytes };
  if (!jsonPattern.test(request.headers.get("Content-Type") ?? ""))
    return { ok: false, requestError: "media_type_wrong" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(read.value);
    if (!/^\s*\{/.test(text)) return { ok: false, requestError: "body_malformed" };
    const wrong = findWrongStructure(text);
    if (wrong) return { ok: false, issues: [wrong] };
    return { ok: true, value: parseBody(text, { keepsExponents }), bytes };
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
  reading: { keepsExponents: boolean; limitBytes: number },
  known: ReadonlySet<string>,
): Promise<Body<unknown>> {
  const isForm = formPattern.test(request.headers.get("Content-Type") ?? "");
  const read = isForm ? await readText(request, reading.limitBytes) : await readJson(request, reading);
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
  return { ok: true, value: Object.fromEntries(members), bytes: read.bytes };
}

/** Reads a body unparsed, for a signature over its bytes. */
export async function readText(request: Request, limitBytes: number): Promise<Read<string>> {
  const read = await readBytes(request, limitBytes);
  if (!read.ok) return read;
  const value = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(read.value);
  return { ok: true, value, bytes: read.bytes };
}

/** Reads a body and stops at the limit, whatever the request says about its length. A compressed one is not read. */
async function readBytes(request: Request, limitBytes: number): Promise<Read<Uint8Array>> {
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
  return { ok: true, value: Buffer.concat(chunks), bytes: length };
}
