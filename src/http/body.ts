import { parseBody } from "./exact-json";

/** The result of reading a body. A request error is answered only after the caller and the object are known. */
export type Body<T> =
  | { ok: true; value: T }
  | { ok: false; requestError: "body_too_large" | "media_type_wrong" | "body_malformed" };

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
    const value = parseBody(text, { keepsExponents });
    return isObject(value) ? { ok: true, value } : { ok: false, requestError: "body_malformed" };
  } catch {
    return { ok: false, requestError: "body_malformed" };
  }
}

const formPattern = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** Reads a JSON object or a form, and adds the members of the query. */
export async function readJsonOrForm(request: Request, keepsExponents: boolean): Promise<Body<unknown>> {
  const isForm = formPattern.test(request.headers.get("Content-Type") ?? "");
  const read = isForm ? await readForm(request) : await readJson(request, keepsExponents);
  const inQuery = Object.fromEntries(new URL(request.url).searchParams);
  return read.ok ? { ok: true, value: { ...inQuery, ...(read.value as object) } } : read;
}

async function readForm(request: Request): Promise<Body<unknown>> {
  const read = await readText(request, bodyLimitBytes);
  return read.ok ? { ok: true, value: Object.fromEntries(new URLSearchParams(read.value)) } : read;
}

/** Reads a body unparsed, for a signature over its bytes. */
export async function readText(request: Request, limitBytes: number): Promise<Body<string>> {
  const read = await readBytes(request, limitBytes);
  if (!read.ok) return read;
  return { ok: true, value: new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(read.value) };
}

/** Reads a body and stops at the limit, whatever the request says about its length. */
async function readBytes(request: Request, limitBytes: number): Promise<Body<Uint8Array>> {
  const tooLarge = { ok: false, requestError: "body_too_large" } as const;
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

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
