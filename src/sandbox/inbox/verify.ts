import type { Received } from "./inbox";

/** The result of verifying a message. */
export type Verdict = "verified" | "unsigned" | "no_secret" | "stale" | "wrong";

/**
 * Receivers refuse a timestamp that is further in the past or future, so that a recorded message cannot be replayed.
 */
const TOLERANCE_SECONDS = 300;

/**
 * Verifies a message as a receiver should, in whichever form it is signed: Standard Webhooks, or the transfers
 * contract's own. The timestamp is compared with the time of arrival.
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

/**
 * Reads the signatures of Standard Webhooks: over id, timestamp and the exact bytes of the body; any of the secrets may
 * have made any of the signatures.
 */
function standardOf({ headers, body }: Received): Signed | undefined {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"]?.split(" ") ?? [];
  if (id === undefined || timestamp === undefined || signatures.length === 0) return undefined;
  return { timestamp, isBy: (secret) => isSignedBy(secret, `${id}.${timestamp}.${body}`, signatures) };
}

/** Reads the signatures of the transfers contract (5.3), over timestamp and body, by the secrets as they were shown. */
function transferOf({ headers, body }: Received): Signed | undefined {
  const timestamp = headers["x-idaas-timestamp"];
  const signatures = headers["x-idaas-signature"]?.split(",") ?? [];
  const macs = signatures.flatMap((signature) => fromHex(signature.replace(/^v0=/, "")) ?? []);
  if (timestamp === undefined || macs.length === 0) return undefined;
  return {
    timestamp,
    async isBy(secret) {
      if (secret === "") return false;
      const key = await hmacKey(new TextEncoder().encode(secret));
      const content = new TextEncoder().encode(`v0:${timestamp}:${body}`);
      const fits = await Promise.all(macs.map((mac) => crypto.subtle.verify("HMAC", key, mac, content)));
      return fits.includes(true);
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

/** Returns the key of a secret, whose text after `whsec_` is base64; null if the text is no secret. */
async function keyOf(secret: string): Promise<CryptoKey | null> {
  const bytes = fromBase64(secret.replace(/^whsec_/, ""));
  if (bytes === null || bytes.length === 0) return null;
  return hmacKey(bytes);
}

function hmacKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

/** Returns the bytes of a SHA-256 in lower-case hex; null for any other text. */
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
