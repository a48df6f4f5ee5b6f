import { hmacSha256 } from "../crypto/hmac";

/** A signing secret as its owner sees it: `whsec_` and the key in base64 (Standard Webhooks). */
const secretPrefix = "whsec_";

/** Headers of one attempt in the Standard Webhooks form. Every valid secret signs, so that secrets rotate without a gap. */
export async function signStandard(
  message: { id: string; timestampSeconds: number; body: string },
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const content = `${message.id}.${message.timestampSeconds}.${message.body}`;
  const signatures = await Promise.all(
    secrets.map(async (secret) => `v1,${toBase64(await hmacSha256(keyOf(secret), content))}`),
  );
  return {
    "Content-Type": "application/json",
    "Webhook-Id": message.id,
    "Webhook-Timestamp": String(message.timestampSeconds),
    "Webhook-Signature": signatures.join(" "),
  };
}

/** A new secret: 256 random bits. */
export function newSigningSecret(): string {
  return secretPrefix + toBase64(crypto.getRandomValues(new Uint8Array(32)));
}

function keyOf(secret: string): Uint8Array {
  return Uint8Array.from(atob(secret.slice(secretPrefix.length)), (character) => character.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
