import { hmacSha256 } from "./hmac";

const purpose = "accord console session";

/**
 * Returns the MAC of a session, in base64url. Its key is derived from the operator's token (HKDF, RFC 5869), so that no
 * other secret is needed and a token that is withdrawn ends its sessions.
 */
export async function sessionMac(token: string, session: string): Promise<string> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey("raw", encoder.encode(token), "HKDF", false, ["deriveBits"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(purpose) };
  const key = new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, 256));
  return Buffer.from(await hmacSha256(key, session)).toString("base64url");
}
