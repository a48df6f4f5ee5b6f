import { createHash } from "node:crypto";

/** SHA-256 of a text, as 64 lower-case hex digits: what we store of secrets, and compare of requests. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
