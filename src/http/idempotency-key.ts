import { sha256Hex } from "../crypto/hash";
import { canonicalId } from "../domain/id";
import type { Origin } from "../operations/once";
import type { Issue } from "./dialect";

const keyPattern = /^[\x20-\x7e]{1,128}$/;

/** The key, undefined if there is none, with the content that it stands for; or the reason for which it is invalid. */
export type SentKey =
  | { ok: true; key: string | undefined; content: unknown }
  | { ok: false; requestError: "idempotency_key_invalid" }
  | { ok: false; issues: readonly Issue[] };

/**
 * Reads the key: 1 to 128 printable characters in the header, or in the named member of the body, which then is no part
 * of the request that the key stands for. Both may be sent, if they are the same.
 */
export function readIdempotencyKey(headers: Headers, body: unknown, member: string | undefined): SentKey {
  const inHeader = headers.get("Idempotency-Key") ?? undefined;
  if (inHeader !== undefined && !keyPattern.test(inHeader))
    return { ok: false, requestError: "idempotency_key_invalid" };
  if (member === undefined) return { ok: true, key: inHeader, content: body };
  const { [member]: inBody, ...content } = body as Record<string, unknown>;
  if (typeof inBody !== "string") return { ok: true, key: inHeader, content };
  if (inHeader === undefined || inHeader === inBody) return { ok: true, key: inBody, content };
  return { ok: false, issues: [contradiction(member)] };
}

function contradiction(member: string): Issue {
  return {
    code: "custom",
    path: [member],
    message: "must be the same as the Idempotency-Key header",
    input: undefined,
  };
}

/**
 * Binds the key to its request: the same key for another request is a mistake of the caller. Ids in the path count in
 * their own case, because they are looked up so; an order's own id is told apart by the target.
 */
export function bindKey(
  key: string,
  request: Request,
  params: Record<string, string>,
  content: unknown,
): Required<Origin>["idempotency"] {
  const { pathname, search } = new URL(request.url);
  const path = pathname.split("/").map(canonicalId).join("/");
  return {
    key,
    target: Object.values(params),
    fingerprint: sha256Hex(`${request.method} ${path}${search}\n${canonicalJson(content ?? null)}`),
  };
}

/** Makes one text for equal JSON values, whatever the order of members. Fingerprints are made of it. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (isPlainObject(member) ? sorted(member) : member)) ?? "null";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
