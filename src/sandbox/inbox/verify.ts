import type { Received } from "./inbox";

/** What a receiver that checks would say of a message. */
export type Verdict = "verified" | "unsigned" | "no_secret" | "stale" | "wrong";

/** Receivers refuse what was signed longer ago, or later, than this: whoever recorded a message must not play it back. */
const TOLERANCE_SECONDS = 300;

/**
 * Verifies as a receiver should (Standard Webhooks): the signature covers id, timestamp and the exact bytes of the body,
 * and any of the secrets may have made any of the signatures. The timestamp is held against the moment of arrival.
 */
export async function verify({ headers, body, atMs }: Received, secrets: readonly string[]): Promise<Verdict> {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"]?.split(" ") ?? [];
  if (id === undefined || timestamp === undefined || signatures.length === 0) return "unsigned";
  if (secrets.length === 0) return "no_secret";
  const fits = await Promise.all(secrets.map((secret) => isSignedBy(secret, `${id}.${timestamp}.${body}`, signatures)));
  if (!fits.includes(true)) return "wrong";
  return Math.abs(atMs / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS ? "verified" : "stale";
}

async function isSignedBy(secret: string, content: string, signatures: readonly string[]): Promise<boolean> {
  const key = await keyOf(secret);
  if (key === null) return false;
  const offered = signatures.flatMap((signature) => {
    const [version, text = ""] = signature.split(",");
    const bytes = version === "v1" ? fromBase64(text) : null;
    return bytes === null ? [] : [bytes];
  });
  const bytes = new TextEncoder().encode(content);
  const fits = await Promise.all(offered.map((mac) => crypto.subtle.verify("HMAC", key, mac, bytes)));
  return fits.includes(true);
}

/** The text after `whsec_` is the key in base64; null for a text that is no secret. */
async function keyOf(secret: string): Promise<CryptoKey | null> {
  const bytes = fromBase64(secret.replace(/^whsec_/, ""));
  if (bytes === null || bytes.length === 0) return null;
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
