import { hmacSha256 } from "../crypto/hmac";

/**
 * Makes the headers of one attempt in the transfers contract's form (5.2, 5.3). Each secret signs in the form in which
 * it was shown, undecoded, over the exact body that is sent: a receiver verifies first and decrypts then. There is one
 * signature, but for an application that asked for an overlap of its secrets.
 */
export async function signTransfer(
  message: { recordId: string; eventType: string; timestampSeconds: number; body: string },
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const content = `v0:${message.timestampSeconds}:${message.body}`;
  const signatures = await Promise.all(
    secrets.map(async (secret) => `v0=${toHex(await hmacSha256(new TextEncoder().encode(secret), content))}`),
  );
  return {
    "X-IDaaS-Timestamp": String(message.timestampSeconds),
    "X-IDaaS-Signature": signatures.join(","),
    "X-IDaaS-Event": message.eventType,
    "X-IDaaS-Delivery": message.recordId,
  };
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
