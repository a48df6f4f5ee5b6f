import { sha256Hex } from "../crypto/hash";
import type { Origin } from "../operations/commands";
import { canonicalJson } from "./canonical-json";

const keyPattern = /^[\x20-\x7e]{1,128}$/;

/** The key as sent: undefined when there is none, "invalid" when it is not 1 to 128 printable characters (decisions X5). */
export function readIdempotencyKey(headers: Headers): string | undefined | "invalid" {
  const key = headers.get("Idempotency-Key");
  if (key === null) return undefined;
  return keyPattern.test(key) ? key : "invalid";
}

/** The key with what it was used for: the same key for another request is a mistake of the caller. */
export function bindKey(
  key: string,
  request: Request,
  params: Record<string, string>,
  body: unknown,
): Required<Origin>["idempotency"] {
  const { pathname } = new URL(request.url);
  return {
    key,
    target: Object.values(params),
    fingerprint: sha256Hex(`${request.method} ${pathname}\n${canonicalJson(body ?? null)}`),
  };
}
