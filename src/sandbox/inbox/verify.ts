import type { Received } from "./inbox";

/** What a receiver that checks would say of a message. */
export type Verdict = "verified" | "unsigned" | "no_secret" | "stale" | "wrong";

/** Receivers refuse what was signed longer ago, or later, than this: whoever recorded a message must not play it back. */
const TOLERANCE_SECONDS = 300;

/**
 * Verifies as a receiver should, in whichever of the two forms the message is signed: Standard Webhooks, or the transfers
 * contract's own. The timestamp is held against the moment of arrival.
 */
export async function verify(received: Received, secrets: readonly string[]): Promise<Verdict> {
  const signed = standardOf(received) ?? transferOf(received);
  if (signed === undefined) return "unsigned";
  if (secrets.length === 0) return "no_secret";
  const fits = await Promise.all(secrets.map((secret) => signed.isBy(secret)));
  if (!fits.includes(true)) return "wrong";
  return Math.abs(received.atMs / 1000 - Number(signed.timestamp)) <= TOLERANCE_SECONDS ? "verified" : "stale";
}

interface Signed {
  timestamp: string;
  isBy: (secret: string) => Promise<boolean>;
}

/** Standard Webhooks: over id, timestamp and the exact bytes of the body; any of the secrets may have made any of the signatures. */
function standardOf({ headers, body }: Received): Signed | undefined {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"]?.split(" ") ?? [];
  if (id === undefined || timestamp === undefined || signatures.length === 0) return undefined;
  return { timestamp, isBy: (secret) => isSignedBy(secret, `${id}.${timestamp}.${body}`, signatures) };
}

/** The transfers contract (5.3): one signature, over timestamp and body, by the secret as it was shown. */
function transferOf({ headers, body }: Received): Signed | undefined {
  const timestamp = headers["x-idaas-timestamp"];
  const mac = fromHex(headers["x-idaas-signature"]?.replace(/^v0=/, "") ?? "");
  if (timestamp === undefined || mac === null) return undefined;
  return {
    timestamp,
    async isBy(secret) {
      if (secret === "") return false;
      const key = await hmacKey(new TextEncoder().encode(secret));
      return crypto.subtle.verify("HMAC", key, mac, new TextEncoder().encode(`v0:${timestamp}:${body}`));
    },
  };
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
  return hmacKey(bytes);
}

function hmacKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

/** Null for a text that is no SHA-256 in lower-case hex. */
function fromHex(text: string): Uint8Array | null {
  if (!/^[0-9a-f]{64}$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
