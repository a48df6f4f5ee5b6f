import { sha256Hex } from "../crypto/hash";
import { canonicalJson } from "./idempotency-key";

/**
 * Names a registration by its key, its content and whoever sent it, so that one whose answer was lost can be repeated
 * (src/guides/security.md#lost-registrations). Returns null without a key that is too long to be guessed.
 */
export function registrationOf(headers: Headers, sender: string, content: unknown): string | null {
  const key = headers.get("Idempotency-Key") ?? "";
  return /^[\x20-\x7e]{32,128}$/.test(key) ? sha256Hex([sender, key, canonicalJson(content)].join("\n")) : null;
}
