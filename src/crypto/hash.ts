import { createHash, createHmac } from "node:crypto";

/**
 * Returns the SHA-256 of a text as 64 lower-case hex digits. Secrets are stored as this hash, and two requests are
 * equal if their hashes are.
 */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Returns the HMAC with SHA-256 of a text as 64 lower-case hex digits. */
export function hmacHex(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}
